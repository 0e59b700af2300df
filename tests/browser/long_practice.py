"""A practice with everything filled in, and as long as the fields allow."""

from __future__ import annotations

from practices.models import FacetValue, Practice
from tests import factories

NAME = "Ouder-en-kindspelontmoetingsinitiatievenoverleg in de Noorderkempen en de wijde omgeving van Turnhout"
WORD = "Gezinsondersteuningsinitiatievenoverlegplatform"
SOURCES = 12

_TEXT = (
    "Op woensdagvoormiddag staat de deur open. Wie wil, blijft een kwartier, wie wil, blijft de hele morgen. "
    "De kinderen spelen op de mat, de ouders schuiven aan bij de koffie, en wie nieuw is krijgt een rondleiding. "
)
_RICH = (
    f"<p>{_TEXT}</p><h3>Wat we doen</h3><ul><li><p>Koffie zetten en namen onthouden.</p></li>"
    f"<li><p>Samen opruimen, dat hoort erbij: {WORD}.</p></li></ul><blockquote><p>{_TEXT}</p></blockquote>"
    '<p>Lees meer op <a href="https://www.example.org/een-heel-lang-adres/dat-nergens-wordt-afgebroken-en-toch-'
    'moet-passen/op-een-smal-scherm">de website van de werking</a>.</p>'
)


def long_practice() -> Practice:
    """Make it, with each value of each facet, twelve sources, pictures, files, links and a contact."""
    practice = factories.practice(
        values=FacetValue.objects.all(),
        name=NAME[:100],
        special=f"{WORD}: {_TEXT}"[:200],
        summary=(_TEXT * 4)[:600],
        organisation=f"{WORD} van de {'Samenwerkende Verenigingen ' * 4}"[:160],
        municipality="Sint-Pieters-Leeuw, Sint-Genesius-Rode en Sint-Katelijne-Waver (meerdere locaties, wijk Zuid)",
        background=_RICH,
        approach=_RICH * 2,
        welcome=_RICH,
        space_note=_RICH,
        strengths=_RICH,
        challenges=_RICH,
        tips=_RICH,
        partners="\n".join(f"{WORD} {number}" for number in range(8)),
        unconfirmed="De uren en de prijs, want die verschillen per locatie.",
    )
    for number in range(SOURCES):
        factories.practice_source(
            practice=practice,
            url=f"https://bron.example.org/{'zonder-afbreken-' * 8}{number}",
            description=f"Jaarverslag van de werking, met een lange omschrijving van de bron, deel {number}",
        )
    for number in range(3):
        factories.practice_link(practice=practice, title=f"{WORD} {number}")
        factories.practice_file(practice=practice, name=f"{WORD.lower()}-{number}.txt")
    for _ in range(4):
        factories.practice_image(practice=practice)
    factories.practice_contact(practice=practice)
    return practice
