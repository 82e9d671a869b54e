"""What the KB's tables can be narrowed to. A plain GET form: the view stands in the address bar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.text import slugify

from surveys.models import PROVINCES, User
from surveys.queries.remarks import RemarkSelection
from surveys.queries.selection import DELIVERED_OR_NOT, NAME, ORDERS, Notice, Selection
from surveys.questionnaires.schema import Questionnaire
from surveys.rules.peers import SIZE_CLASSES
from surveys.values import NO, YES
from surveys.workflow import RemarkState, SubmissionState

STATE_SLUGS = {state: state.word.replace(" ", "-") for state in SubmissionState}
"""How a state is called in the address bar."""
_STATES = {**{slug: frozenset({state}) for state, slug in STATE_SLUGS.items()}, **DELIVERED_OR_NOT}
_STATE_WORDS = {
    **{slug: state.word for state, slug in STATE_SLUGS.items()},
    "binnen": "ingediend of goedgekeurd",
    "nog-niet-binnen": "nog niet ingediend",
}
_SIZES = {slugify(name): name for _, name in SIZE_CLASSES}
_NOTICES: Mapping[str, str] = {
    Notice.LATE: "te laat",
    Notice.IN_TIME: "op tijd ingediend",
    Notice.SIGNALS: "met open signalen",
    Notice.REMARKS: "met open vragen",
    Notice.CHANGED: "gewijzigd na controle",
}


def search_helper(form: forms.Form, label: str) -> FormHelper:
    helper = FormHelper()
    helper.form_method = "get"
    helper.form_class = "filters screen-only"
    helper.form_show_errors = False
    helper.disable_csrf = True
    helper.attrs = {"role": "search", "aria-label": label}
    helper.layout = Layout(*form.fields, Submit("", "Tonen"))
    return helper


class OverviewFilter(forms.Form):
    """Every field may be empty; what cannot be is left out of the selection."""

    zoek = forms.CharField(label="Naam of ISIL-code", max_length=80)
    provincie = forms.ChoiceField(label="Provincie")
    poi = forms.ChoiceField(label="POI")
    grootte = forms.ChoiceField(label="Grootte")
    gecombineerd = forms.ChoiceField(label="Gecombineerd")
    vragenlijst = forms.ChoiceField(label="Vragenlijst")
    status = forms.ChoiceField(label="Status")
    toon = forms.ChoiceField(label="Bijzonderheid")
    volgorde = forms.ChoiceField(label="Volgorde", widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, str],
        *,
        questionnaires: Iterable[Questionnaire],
        pois: Mapping[str, str],
    ) -> None:
        super().__init__(data, auto_id="filter_%s", use_required_attribute=False)
        lists = {one.code: one.title for one in questionnaires}
        self._choose("provincie", "Alle provincies", {name: name for name in PROVINCES})
        self._choose("poi", "Alle POI’s", pois)
        self._choose("gecombineerd", "Alle instellingen", {YES: "Gecombineerd", NO: "Niet gecombineerd"})
        self._choose("vragenlijst", "Alle vragenlijsten", lists)
        self._choose("grootte", "Alle groottes", _SIZES)
        self._choose("status", "Elke status", _STATE_WORDS)
        self._choose("toon", "Alle", _NOTICES)
        orders = [*ORDERS, *lists]
        self._choose("volgorde", "", {f"{sign}{one}": one for one in orders for sign in ("", "-")})
        if len(pois) < 2:
            del self.fields["poi"]
        for field in self.fields.values():
            field.required = False

    def _choose(self, name: str, empty: str, choices: Mapping[str, str]) -> None:
        self.fields[name].choices = [("", empty), *choices.items()]  # type: ignore[attr-defined]

    @property
    def helper(self) -> FormHelper:
        return search_helper(self, "Organisaties zoeken en filteren")

    @property
    def selection(self) -> Selection:
        self.is_valid()
        chosen = self.cleaned_data
        return Selection(
            search=chosen.get("zoek", ""),
            province=chosen.get("provincie", ""),
            poi=chosen.get("poi", ""),
            combined=chosen.get("gecombineerd", ""),
            questionnaire=chosen.get("vragenlijst", ""),
            size_class=_SIZES.get(chosen.get("grootte", ""), ""),
            states=_STATES.get(chosen.get("status", ""), frozenset()),
            notice=Notice(chosen["toon"]) if chosen.get("toon") else None,
            order=chosen.get("volgorde", "") or NAME,
        )

    @property
    def chosen(self) -> dict[str, str]:
        """What is filled in, for the address bar."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class BacktestFilter(forms.Form):
    """Of the rules: which questionnaire, what came of them, and in what order."""

    vragenlijst = forms.ChoiceField(label="Vragenlijst", required=False)
    uitkomst = forms.ChoiceField(label="Uitkomst", required=False)
    volgorde = forms.ChoiceField(label="Volgorde", widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Mapping[str, str],
        *,
        questionnaires: Iterable[Questionnaire],
        outcomes: Mapping[str, str],
        orders: Iterable[str],
    ) -> None:
        super().__init__(data, auto_id="filter_%s", use_required_attribute=False)
        choices: dict[str, dict[str, str]] = {
            "vragenlijst": {"": "Alle vragenlijsten", **{one.code: one.title for one in questionnaires}},
            "uitkomst": {"": "Elke uitkomst", **outcomes},
            "volgorde": {"": "", **{f"{sign}{one}": one for one in orders for sign in ("", "-")}},
        }
        for name, of_field in choices.items():
            self.fields[name].choices = list(of_field.items())  # type: ignore[attr-defined]

    @property
    def helper(self) -> FormHelper:
        return search_helper(self, "Controles filteren")

    @property
    def chosen(self) -> dict[str, str]:
        """What is filled in and can be, for the address bar."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


REMARK_SLUGS = {state: state.word.replace(" ", "-") for state in RemarkState}
_REMARK_STATES = {slug: state for state, slug in REMARK_SLUGS.items()}
MINE = "mij"


class RemarkFilter(forms.Form):
    """Of the questions to libraries: how far, whose, about which list, in which province."""

    status = forms.ChoiceField(label="Status", required=False)
    van = forms.ChoiceField(label="Behandelaar", required=False)
    vragenlijst = forms.ChoiceField(label="Vragenlijst", required=False)
    provincie = forms.ChoiceField(label="Provincie", required=False)

    def __init__(
        self, data: Mapping[str, str], *, questionnaires: Iterable[Questionnaire], user: User
    ) -> None:
        super().__init__(data, auto_id="filter_%s", use_required_attribute=False)
        self._user = user
        choices = {
            "status": {"": "Niet afgesloten"} | {slug: state.word for slug, state in _REMARK_STATES.items()},
            "van": {"": "Iedereen", MINE: "Alleen van mij"},
            "vragenlijst": {"": "Alle vragenlijsten"} | {one.code: one.title for one in questionnaires},
            "provincie": {"": "Alle provincies"} | {name: name for name in PROVINCES},
        }
        for name, of_field in choices.items():
            self.fields[name].choices = list(of_field.items())  # type: ignore[attr-defined]

    @property
    def helper(self) -> FormHelper:
        return search_helper(self, "Vragen filteren")

    @property
    def selection(self) -> RemarkSelection:
        chosen = self.chosen
        return RemarkSelection(
            state=_REMARK_STATES.get(chosen.get("status", "")),
            assignee=self._user.pk if chosen.get("van") == MINE else None,
            questionnaire=chosen.get("vragenlijst", ""),
            province=chosen.get("provincie", ""),
        )

    @property
    def chosen(self) -> dict[str, str]:
        """What is filled in and can be, for the address bar."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
