"""The technical back room: registers, rounds and accounts. Answers are not edited here: they have one writer.

So have the timeline, the explanations and the bounds, which can be looked up here.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.forms import ModelForm
from django.http import HttpRequest

from surveys.actions.submissions import enrol
from surveys.models import (
    Event,
    Explanation,
    Location,
    Membership,
    Organisation,
    Participation,
    PeerBound,
    Round,
    Submission,
    User,
    Window,
)


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Membership
    extra = 0


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]
    form = UserChangeForm
    add_form = AdminUserCreationForm
    inlines = (MembershipInline,)
    ordering = ("email",)
    list_display = ("email", "name", "is_active", "is_staff")
    search_fields = ("email", "name")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        ("Rechten", {"fields": ("is_active", "is_staff", "is_superuser")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)


class LocationForm(ModelForm):  # type: ignore[type-arg]
    """The answers of a location hang on its code, so that the code stays as it was given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["isil"].disabled = self.instance.pk is not None


class LocationInline(admin.TabularInline):  # type: ignore[type-arg]
    """One that closed gets a date and stays."""

    model = Location
    form = LocationForm
    extra = 0
    can_delete = False


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "isil", "type", "province")
    list_filter = ("type", "province")
    search_fields = ("name", "isil")
    inlines = (LocationInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Organisation | None = None) -> tuple[str, ...]:
        """By its code it is known outside, in addresses and in every file given out."""
        return ("isil",) if obj else ()


class WindowInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Window
    extra = 0


@admin.register(Round)
class RoundAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    inlines = (WindowInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Round | None = None) -> tuple[str, ...]:
        return ("year",) if obj else ()


class SubmissionInline(admin.TabularInline):  # type: ignore[type-arg]
    """Whom the KB turns to about each list; the state moves by its own steps, elsewhere."""

    model = Submission
    fields = ("questionnaire", "state", "contact")
    readonly_fields = ("questionnaire", "state")
    raw_id_fields = ("contact",)
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Participation | None = None) -> bool:
        return False


@admin.register(Participation)
class ParticipationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Adding one enrols the organisation: its submissions come with it, and stay with it."""

    list_display = ("organisation", "round", "inhabitants")
    list_filter = ("round",)
    search_fields = ("organisation__name", "organisation__isil")

    def get_inlines(
        self, request: HttpRequest, obj: Participation | None
    ) -> tuple[type[SubmissionInline], ...]:
        return (SubmissionInline,) if obj else ()

    def get_readonly_fields(self, request: HttpRequest, obj: Participation | None = None) -> tuple[str, ...]:
        return ("organisation", "round") if obj else ()

    def save_model(
        self, request: HttpRequest, obj: Participation, form: ModelForm[Participation], change: bool
    ) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        enrolled = enrol(year=obj.round, organisation=obj.organisation, inhabitants=obj.inhabitants)
        obj.pk = enrolled.pk


class LookUpAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """To read only, whoever asks."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Event)
class EventAdmin(LookUpAdmin):
    list_display = ("organisation", "kind", "starts", "ends", "description")
    list_filter = ("kind",)
    list_select_related = ("organisation",)
    search_fields = ("organisation__name", "organisation__isil", "description")


@admin.register(Explanation)
class ExplanationAdmin(LookUpAdmin):
    list_display = ("participation", "rule", "row", "reason", "text", "at")
    list_filter = ("participation__round", "reason")
    list_select_related = ("participation__organisation",)
    search_fields = ("participation__organisation__name", "participation__organisation__isil", "rule")
    ordering = ("-at", "-pk")


@admin.register(PeerBound)
class PeerBoundAdmin(LookUpAdmin):
    list_display = ("rule", "group", "round", "count", "median", "mad", "computed_at")
    list_filter = ("round", "group")
    search_fields = ("rule",)
    ordering = ("-round", "rule", "group")
