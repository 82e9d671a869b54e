"""The technical back room: registers, rounds and accounts. Answers are not edited here: they have one writer."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.forms import ModelForm
from django.http import HttpRequest

from surveys.actions.submissions import enrol
from surveys.models import Location, Membership, Organisation, Participation, Round, User, Window


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


class LocationInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Location
    extra = 0


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "isil", "type", "province")
    list_filter = ("type", "province")
    search_fields = ("name", "isil")
    inlines = (LocationInline,)


class WindowInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Window
    extra = 0


@admin.register(Round)
class RoundAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    inlines = (WindowInline,)


@admin.register(Participation)
class ParticipationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Adding one enrols the organisation: its submissions come with it."""

    list_display = ("organisation", "round", "inhabitants")
    list_filter = ("round",)
    search_fields = ("organisation__name", "organisation__isil")

    def save_model(
        self, request: HttpRequest, obj: Participation, form: ModelForm[Participation], change: bool
    ) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        enrolled = enrol(year=obj.round, organisation=obj.organisation, inhabitants=obj.inhabitants)
        obj.pk = enrolled.pk
