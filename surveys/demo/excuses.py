"""What libraries write beside a signal: by the kind of event, by the rule, and what people write when they are in a hurry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from surveys.models import EventKind, Reason
from surveys.questionnaires.rule import RuleKind


class Excuse(NamedTuple):
    reason: Reason
    text: str


LAME = (
    Excuse(Reason.RIGHT, "Klopt volgens ons systeem."),
    Excuse(Reason.RIGHT, "Nagekeken, het cijfer is goed."),
    Excuse(Reason.RIGHT, "Zo staat het in de administratie."),
    Excuse(Reason.OTHER, "Zie vorig jaar."),
)
LAME_PART, LAME_PART_OF_MISTAKES = 0.2, 0.6
"""Of the explanations; and of those that were given for what is in fact a mistake."""

WITH_EVENT: Mapping[str, str] = {
    EventKind.RENOVATION: "Door de verbouwing was de hoofdvestiging maanden dicht.",
    EventKind.NEW_LOCATION: "De nieuwe vestiging telt voor het eerst mee.",
    EventKind.MOVE: "Dit komt door de verhuizing van de hoofdvestiging.",
    EventKind.MERGER: "De cijfers zijn van de twee bibliotheken samen; vorig jaar was het nog één.",
    EventKind.COUNTING: "Wij tellen sinds dit jaar anders; het cijfer van vorig jaar was te hoog.",
    EventKind.SYSTEM: "Bij de overgang naar het nieuwe systeem is het bestand opgeschoond.",
    EventKind.ONE_OFF: "Eenmalige subsidie, en de kosten die daarbij horen.",
    EventKind.OTHER: "Dit hoort bij de sanering van de collectie.",
}
AFTER_EVENT = "Vorig jaar was laag door de verbouwing; dit is weer een gewoon jaar."
AFTER_ONCE = "Vorig jaar zat hier een eenmalig bedrag in."

BY_RULE: Mapping[str, tuple[Excuse, ...]] = {
    # by the code of the rule or a pattern; the first that fits
    "gebouw_gedeeld_niet_in_profiel": (
        Excuse(
            Reason.SCOPE,
            "Wij delen alleen het gebouw, met een basisschool. Cijfers en personeel zijn gescheiden.",
        ),
        Excuse(Reason.SCOPE, "Een servicepunt zit in het dorpshuis. Wij zijn geen gecombineerde instelling."),
    ),
    "bezoeken_per_open_uur": (
        Excuse(Reason.POLICY, "Een kleine locatie met ruime openingstijden zonder personeel."),
        Excuse(Reason.COUNTING, "De poort telt goed; het is hier nu eenmaal rustig."),
    ),
    "loonkosten_per_fte": (
        Excuse(Reason.ONE_OFF, "Met een eenmalige uitkering volgens de cao en een reservering voor verlof."),
        Excuse(Reason.POLICY, "Veel medewerkers in de hoogste trede; ons team is al jaren hetzelfde."),
    ),
    "scholen_zonder_partner_*": (
        Excuse(Reason.OTHER, "De scholen zijn klant bij ons; een samenwerkingsovereenkomst is er niet."),
    ),
    "po_collectie_*": (
        Excuse(Reason.COUNTING, "Een school kan een eigen en een gedeelde collectie hebben."),
    ),
    "gelijk_*": (Excuse(Reason.RIGHT, "Toevallig precies gelijk; wij hebben het nog eens geteld."),),
    "rond_*": (
        Excuse(Reason.COUNTING, "Een schatting: de teller heeft een deel van het jaar niet gewerkt."),
    ),
    "stroom_leden_*": (
        Excuse(Reason.COUNTING, "Leden die vanzelf zijn vervallen, telt ons systeem niet apart."),
    ),
    "stroom_*": (Excuse(Reason.COUNTING, "Bij de jaarlijkse telling zijn vermiste exemplaren afgeboekt."),),
    "saldo_*": (
        Excuse(Reason.OTHER, "Een deel van het saldo wordt pas na de accountantscontrole verdeeld."),
    ),
    "vermogen_*": (
        Excuse(Reason.OTHER, "Er is een post van vorig jaar gecorrigeerd in het eigen vermogen."),
    ),
    "deel_*": (Excuse(Reason.SCOPE, "Wij verdelen naar een vaste sleutel, niet per medewerker."),),
    "*_in_*": (
        Excuse(Reason.POLICY, "Er is dit jaar meer geleend door scholen; verlengingen zitten er niet bij."),
    ),
    "sprong_thema_*": (
        Excuse(
            Reason.POLICY, "Ander aanbod dan vorig jaar: de een is gestopt, iets anders kwam ervoor terug."
        ),
        Excuse(Reason.COUNTING, "Vorig jaar stond een deel hiervan bij een ander onderwerp."),
    ),
    "sprong_deelnemers*": (
        Excuse(Reason.POLICY, "Een groot festival trok dit jaar veel meer mensen dan anders."),
    ),
    "sprong_activiteiten*": (
        Excuse(Reason.POLICY, "Wij hebben ons aanbod herzien; dat zie je in het aantal."),
    ),
    "sprong_kernfunctie*": (
        Excuse(Reason.POLICY, "De nadruk ligt volgens het nieuwe beleidsplan op deze functie."),
    ),
    "sprong_bezoeken*": (Excuse(Reason.COUNTING, "De poort van vorig jaar telde niet goed."),),
    "sprong_personeel*": (Excuse(Reason.POLICY, "Er zijn vacatures vervuld die lang openstonden."),),
    "sprong_aanschaf*": (Excuse(Reason.ONE_OFF, "Vorig jaar is veel meer gekocht dan anders."),),
    "sprong_leden*": (Excuse(Reason.POLICY, "Een ledenactie met de gemeente."),),
    "vergelijk_*": (Excuse(Reason.POLICY, "Dat hoort bij ons gebied; het is al jaren zo."),),
}
BY_KIND: Mapping[RuleKind, Excuse] = {
    RuleKind.CHANGE: Excuse(
        Reason.POLICY, "Dit was een ander jaar dan vorig jaar; wij hebben het nagekeken."
    ),
    RuleKind.VANISHED: Excuse(Reason.POLICY, "Dit bieden wij niet meer aan."),
    RuleKind.TOGETHER: Excuse(Reason.OTHER, "Het een was er dit jaar zonder het ander."),
    RuleKind.SCOPE: Excuse(
        Reason.SCOPE, "De andere functie is apart gezet; wij geven nu alleen de bibliotheek op."
    ),
}
ANY = Excuse(Reason.RIGHT, "Wij hebben het nagerekend en komen op hetzelfde uit.")
