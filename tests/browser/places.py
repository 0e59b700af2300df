"""The pages that the browser tests visit and that `screenshots.py` pictures, on the starter content.

Those inside a group leave open what `lively_group` gives a key to.
"""

from __future__ import annotations

CATALOGUE = "/praktijken/"
# Words, filters and a view together, so that all that a list can show is there.
FILTERED = f"{CATALOGUE}?vorm=vrije-inloop&doelgroepen=ouders&q=spelen"
REAL = f"{CATALOGUE}koala-kessel-lo/"
EXAMPLE = f"{CATALOGUE}de-warme-drempel-voorbeeld/"
COLLECTION = f"{CATALOGUE}waaier/?p=koala-kessel-lo,de-warme-drempel-voorbeeld,baboes,babybib-oostende"
COMPARISON = f"{CATALOGUE}vergelijk/?p=koala-kessel-lo,de-warme-drempel-voorbeeld,baboes"
CHALLENGES = f"{CATALOGUE}uitdagingen/"
THEME = "/themas/ontmoeting/"
TIPS = f"{THEME}visie/"
AGREEMENTS = f"{THEME}afspraken/"
GROUP = "/netwerk/ontmoeting/"
SIGN_IN = "/account/login/"

# Name -> address of each kind of page that anybody may see.
PUBLIC = {
    "start": "/",
    "praktijken": CATALOGUE,
    "praktijken-gekozen": FILTERED,
    "praktijken-lijst": f"{CATALOGUE}?weergave=lijst&q=ouders",
    "praktijken-kaart": f"{CATALOGUE}?weergave=kaart",
    "praktijken-leeg": f"{CATALOGUE}?q=koffei",
    "praktijken-laatste": f"{CATALOGUE}?pagina=2",
    "praktijk": REAL,
    "praktijk-voorbeeld": EXAMPLE,
    "afdrukblad": f"{REAL}afdrukken/",
    "waaier": COLLECTION,
    "waaier-zoeken": f"{COLLECTION}&zoek=koffie",
    "waaier-leeg": f"{CATALOGUE}waaier/",
    "waaier-afdrukken": COLLECTION.replace("waaier/", "waaier/afdrukken/"),
    "vergelijk": COMPARISON,
    "vergelijk-leeg": f"{CATALOGUE}vergelijk/",
    "teamblad": f"{EXAMPLE}teamblad/",
    "geprobeerd": f"{EXAMPLE}geprobeerd/",
    "uitdagingen": CHALLENGES,
    "uitdagingen-gekozen": f"{CHALLENGES}?onderwerp=vaders",
    "uitdagingen-leeg": f"{CHALLENGES}?q=onderzeeboot",
    "zoeken": "/zoeken/",
    "zoeken-gevonden": "/zoeken/?q=spelen",
    "zoeken-soort": "/zoeken/?q=spelen&soort=praktijken",
    "zoeken-leeg": "/zoeken/?q=onderzeeboot",
    "open-data": f"{CATALOGUE}open-data/",
    "delen": f"{CATALOGUE}delen/",
    "delen-link-kwijt": f"{CATALOGUE}delen/link-kwijt/",
    "herbeluister": f"{THEME}herbeluister/",
    "uitzending": f"{THEME}herbeluister/voorbeelduitzending/",
    "uitzending-zonder-opname": f"{THEME}herbeluister/radio-expoo-2020/",
    "tips": TIPS,
    "tips-actielijst": f"{TIPS}?tips=T01,T07,weg&onderwerp=ruimte",
    "tips-gespreksblad": f"{TIPS}gespreksblad/?tips=T01,T07,T19",
    "tips-gespreksblad-leeg": f"{TIPS}gespreksblad/",
    "afspraken": AGREEMENTS,
    "documenten": f"{THEME}documenten/",
    "documenten-gekozen": f"{THEME}documenten/?onderwerp=ruimte",
    "document": f"{THEME}documenten/praktijkbeschrijving-2019/",
    "agenda": f"{THEME}agenda/",
    "activiteit": f"{THEME}agenda/congres-2016/",
    "contact": f"{THEME}contact/",
    "themas": "/themas/",
    "thema": THEME,
    "netwerk": "/netwerk/",
    "groep": GROUP,
    "groep-aanvragen": f"{GROUP}aanvragen/",
    "over": "/over/",
    "privacy": "/privacy/",
    "toegankelijkheid": "/toegankelijkheid/",
    "niet-gevonden": "/bestaat-niet/",
    "aanmelden": SIGN_IN,
    "aanmelden-code": "/account/login/code/",
    "wachtwoord-vergeten": "/account/password/reset/",
    "account-gewist": "/account/gewist/",
}

# Name -> address of what a member of the group sees.
MEMBERS = {
    "gesprekken": f"{GROUP}gesprekken/",
    "gesprekken-gekozen": f"{GROUP}gesprekken/?toon=ongelezen&soort=experience",
    "gesprekken-leeg": f"{GROUP}gesprekken/?toon=onbeantwoord&soort=idea",
    "gesprek": f"{GROUP}gesprekken/{{thread}}/",
    "gesprek-nieuw": f"{GROUP}gesprekken/nieuw/",
    "bericht-wijzigen": f"{GROUP}berichten/{{own}}/bewerken/",
    "bericht-verwijderen": f"{GROUP}berichten/{{own}}/verwijderen/",
    "bericht-melden": f"{GROUP}berichten/{{answer}}/melden/",
    "bericht-versies": f"{GROUP}berichten/{{answer}}/versies/",
    "gemist": f"{GROUP}gemist/",
    "leden": f"{GROUP}leden/",
    "leden-gekozen": f"{GROUP}leden/?helpt=ruimte&provincie=oost-vlaanderen",
    "leden-leeg": f"{GROUP}leden/?q=niemand",
    "lid": f"{GROUP}leden/{{member}}/",
    "lid-bericht": f"{GROUP}leden/{{member}}/bericht/",
    "lidmaatschap": f"{GROUP}lidmaatschap/",
    "lidmaatschap-verlaten": f"{GROUP}lidmaatschap/?verlaten=weg",
    "profiel": "/netwerk/profiel/",
    "mail-kiezen": "/netwerk/mail/{token}/",
    "mijn-groepen": "/netwerk/",
    "mijn-gegevens": "/account/mijn-gegevens/",
    "naam": "/account/mijn-gegevens/naam/",
}

# The same for its facilitators.
FACILITATORS = {
    "begeleiding": f"{GROUP}begeleiding/",
    "aanvragen": f"{GROUP}begeleiding/aanvragen/",
    "aanvraag": f"{GROUP}begeleiding/aanvragen/{{request}}/",
    "uitnodigingen": f"{GROUP}begeleiding/uitnodigingen/",
    "meldingen": f"{GROUP}begeleiding/meldingen/",
    "buitenstaander": f"{GROUP}begeleiding/buitenstaander/",
    "gesprek-beheren": f"{GROUP}gesprekken/{{thread}}/beheer/",
}
