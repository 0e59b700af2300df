"""What the private page says in each state, and after each thing that was done."""

from __future__ import annotations

from practices.models import Dossier
from practices.workflow import Actor, State, Verb

TOO_MANY_MAILS = "We stuurden al enkele mails na elkaar. Wacht een uur en probeer het dan opnieuw."

# By the verb of `advance`, or what else was done: what the page says once, right after it.
NOTICES = {
    "begonnen": "We stuurden je een mail met de link naar deze pagina. Zo kun je altijd verder, ook op een ander "
    "toestel. Bevestig met die mail ook je e-mailadres.",
    "bewaard": "Alles is bewaard. De link naar deze pagina staat in de mail die je kreeg.",
    "bevestigd": "Bedankt, je e-mailadres is bevestigd.",
    "bevestigd-en-ingediend": "Bedankt. Je e-mailadres is bevestigd en je praktijk is ingediend.",
    "bevestigd-niet-ingediend": "Je e-mailadres is bevestigd. Indienen lukt nog niet: er ontbreekt iets.",
    "bevestig-eerst": "Nog één stap: bevestig je e-mailadres. Daarna gaat je praktijk vanzelf naar de redactie.",
    "nieuwe-mail": "We stuurden een nieuwe mail. Kijk ook bij ongewenste mail.",
    "nieuw-adres": "We stuurden een mail naar het nieuwe adres. Bevestig het met de link in die mail.",
    Verb.SUBMIT: "Je praktijk is ingediend. Bedankt!",
    Verb.WITHDRAW: "Je hebt je praktijk terug. Wijzig wat je wil, en dien ze daarna opnieuw in.",
    Verb.AMEND: "Je kunt de praktijk nu aanpassen. Op de site verandert er niets tot de redactie je aanpassing nakeek.",
    Verb.KEEP: "Je aanpassing is weg. De tekst op de site blijft zoals hij was.",
    Verb.CONFIRM: "Bedankt. Op de site staat nu dat de praktijk vandaag bevestigd is.",
    Verb.STOP: "Bedankt om het te laten weten. De praktijk staat nu als archief op de site.",
}

# What the sender can do, on its button; a verb that is not here is not for senders.
BUTTONS = {
    Verb.SUBMIT: "Dien in",
    Verb.WITHDRAW: "Neem terug om te wijzigen",
    Verb.CONFIRM: "Klopt nog",
    Verb.AMEND: "Pas aan",
    Verb.KEEP: "Laat de tekst op de site staan",
    Verb.STOP: "Bestaat niet meer",
}
SURE = {
    Verb.KEEP: "Je gooit je aanpassing weg. Wat op de site staat, blijft staan.",
    Verb.STOP: "De praktijk blijft op de site staan, met de vermelding dat ze niet meer bestaat. "
    "Zo kunnen collega’s er nog van leren.",
}

DONE = {
    Verb.SUBMIT: "Ingediend",
    Verb.WITHDRAW: "Teruggenomen",
    Verb.TAKE_UP: "In behandeling genomen",
    Verb.PUT_BACK: "Terug in de wachtrij gezet",
    Verb.ASK: "Aanvulling gevraagd",
    Verb.RESUME: "Verder behandeld",
    Verb.PUBLISH: "Gepubliceerd",
    Verb.DECLINE: "Niet opgenomen",
    Verb.FALL_DUE: "Gevraagd of alles nog klopt",
    Verb.CONFIRM: "Bevestigd dat alles nog klopt",
    Verb.AMEND: "Aanpassing begonnen",
    Verb.KEEP: "Aanpassing weggegooid: de tekst op de site blijft staan",
    Verb.LEAVE_LYING: "Aanpassing bleef liggen: gevraagd of alles nog klopt",
    Verb.STOP: "Gemeld dat de praktijk niet meer bestaat",
    Verb.REOPEN: "Opnieuw in behandeling genomen",
    Verb.REVIVE: "Teruggezet: de praktijk bestaat weer",
}
# The editor's own name is nobody's business here.
BY = {Actor.SENDER: "door jou", Actor.EDITOR: "door de redactie", Actor.SYSTEM: "door het portaal"}


def state_text(dossier: Dossier) -> str:
    """What the state means for the sender, and what happens next."""
    has_practice = dossier.practice_id is not None
    match dossier.state:
        case State.CONCEPT if dossier.submit_when_confirmed and dossier.email_confirmed_at is None:
            return (
                "Nog één stap: bevestig je e-mailadres met de link in de mail. "
                "Daarna gaat je praktijk vanzelf naar de redactie."
            )
        case State.CONCEPT if has_practice:
            return (
                "Je past een gepubliceerde praktijk aan. De tekst op de site blijft staan "
                "tot de redactie je aanpassing nakeek."
            )
        case State.CONCEPT:
            return "Je bent nog aan het schrijven. Tot je indient, leest niemand mee."
        case State.SUBMITTED:
            return (
                "Je praktijk wacht op de redactie. Meestal hoor je binnen enkele werkdagen iets. "
                "Je krijgt een mail zodra er nieuws is."
            )
        case State.IN_REVIEW:
            return "Iemand van de redactie leest je praktijk na. Je krijgt een mail zodra er nieuws is."
        case State.SUPPLEMENT:
            return "De redactie stelt je een vraag. Vul aan wat je kunt en dien je praktijk opnieuw in."
        case State.PUBLISHED:
            return (
                "Je praktijk staat op de site. Na anderhalf jaar vragen we je of alles nog klopt. "
                "Verandert er eerder iets, pas het dan hier aan."
            )
        case State.DUE:
            return "Klopt wat er op de site staat nog? Eén druk op een knop volstaat."
        case State.ARCHIVED if has_practice:
            return "De praktijk staat als archief op de site: ze bestaat niet meer, maar collega’s kunnen er van leren."
        case _:
            return "De redactie neemt deze praktijk niet op. Hieronder lees je waarom."
