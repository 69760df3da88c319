"""What an operator sets up: units, people and posts. Profile and calendar are shown, not changed."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lianying import reference
from lianying.common.clock import local_day, now
from lianying.common.pages import done, needs, page
from lianying.common.paging import page_of
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.orgs import actions
from lianying.orgs.forms import (
    ABOUT_CENTRE,
    AddressForm,
    EndPostForm,
    NewUnitForm,
    PersonForm,
    PostForm,
    UnitForm,
)
from lianying.orgs.kinds import UnitKind
from lianying.orgs.middleware import Request
from lianying.orgs.models import Post, Unit, User
from lianying.orgs.queries import PEOPLE_ORDER, all_configurable, locks
from lianying.orgs.queries import people as people_of
from lianying.rules.powers import Power, Role
from lianying.rules.refusals import Refused


@needs(Power.CONFIGURE)
@require_safe
def overview(request: Request) -> HttpResponse:
    context = {
        "profile": reference.profile(settings.ENV["PROFILE"]),
        "calendar": reference.calendar(),
        "units": all_configurable(request.actor).filter(active=True).count(),
        "people": people_of(request.actor, local_day(now())).count(),
        "may_change_site": request.actor.covers_all(Power.CONFIGURE),
    }
    return page(request, "orgs/settings.html", None, context)


@needs(Power.CONFIGURE)
@require_http_methods(["GET", "POST"])
def units(request: Request) -> HttpResponse:
    form = NewUnitForm(request.POST if request.method == "POST" else None, actor=request.actor)
    problem = ""
    if form.is_valid():
        given = form.cleaned_data
        kind = UnitKind(given["kind"])
        card = actions.UnitCard(given["code"], given["name"], kind, given["phone"], area_code=given["area_code"])
        try:
            actions.make_unit(card, parent=given["parent"], by=request.actor, at=now())
            return done(request, reverse("settings_units"))
        except Refused as refused:
            problem = words(refused)
    rows = all_configurable(request.actor)
    context = {"units": rows, "form": form, "problem": problem}
    return page(request, "orgs/settings_units.html", None, context, status=422 if form.is_bound else 200)


@needs(Power.CONFIGURE)
@require_http_methods(["GET", "POST"])
def unit(request: Request, code: str) -> HttpResponse:
    row = get_object_or_404(all_configurable(request.actor), code=code)
    form = UnitForm(request.POST if request.method == "POST" else None, instance=row)
    problem, status = "", 422 if form.is_bound else 200
    if form.is_valid():
        fresh = Unit.objects.get(pk=row.pk)
        given = {name: value for name, value in form.cleaned_data.items() if name not in ABOUT_CENTRE}
        try:
            fresh = actions.change_unit(fresh, **given, by=request.actor, at=now())
            if fresh.kind == UnitKind.DESK:
                about = {name: form.cleaned_data[name] for name in ABOUT_CENTRE}
                actions.describe_centre(fresh, **about, by=request.actor, at=now())
            return done(request, reverse("settings_units"))
        except Refused as refused:
            problem, status = words(refused), status_of(refused)
    context = {"unit": row, "form": form, "problem": problem}
    return page(request, "orgs/settings_unit.html", None, context, status=status)


@needs(Power.CONFIGURE)
@require_http_methods(["GET", "POST"])
def people(request: Request) -> HttpResponse:
    """The list; after a person was added, their page with the link, which is shown once."""
    at = now()
    data = request.POST if request.method == "POST" else None
    form = PersonForm(data, actor=request.actor, today=local_day(at))
    if form.is_valid():
        given = form.cleaned_data
        user = actions.make_user(username=given["username"], name=given["name"], by=request.actor, at=at)
        _give(request, user, form)
        link = actions.sign_in_link(user, by=request.actor, at=at)
        return _person_page(request, user.username, link=link)
    shown = page_of(people_of(request.actor, local_day(at)), PEOPLE_ORDER, request.GET.get("after", ""))
    locked = locks((row.username for row in shown.rows), at)
    context = {"page": shown, "locked": locked, "form": form, "today": local_day(at)}
    return page(request, "orgs/settings_people.html", None, context, status=422 if form.is_bound else 200)


def _give(request: Request, user: User, form: PostForm) -> None:
    given = form.cleaned_data
    role = Role(given["role"])
    actions.give_post(user, unit=given["unit"], role=role, from_on=given["from_on"], by=request.actor, at=now())


@needs(Power.CONFIGURE)
@require_http_methods(["GET", "POST"])
def person(request: Request, username: str) -> HttpResponse:
    """One person: `do` says what is sent: give a post, end one, or make a new link."""
    if request.method == "GET":
        return _person_page(request, username)
    user = get_object_or_404(people_of(request.actor, local_day(now())), username=username)
    act = {"give": _give_post, "end": _end_post, "link": _new_link, "address": _address}.get(request.POST.get("do", ""))
    if act is None:
        raise Http404
    return act(request, user)


def _give_post(request: Request, user: User) -> HttpResponse:
    form = PostForm(request.POST, actor=request.actor, today=local_day(now()))
    if not form.is_valid():
        return _person_page(request, user.username, form=form, status=422)
    _give(request, user, form)
    return done(request, reverse("settings_person", args=[user.username]))


def _end_post(request: Request, user: User) -> HttpResponse:
    form = EndPostForm(request.POST)
    if not form.is_valid():
        problem = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return _person_page(request, user.username, problem=problem, status=422)
    given = form.cleaned_data
    held = Post.objects.filter(user=user, unit__code=given["unit"], role=given["role"], to_on__isnull=True)
    post = get_object_or_404(held.order_by("pk")[:1])
    try:
        actions.end_post(post, to_on=given["to_on"], by=request.actor, at=now())
    except Refused as refused:
        return _person_page(request, user.username, problem=words(refused), status=status_of(refused))
    return done(request, reverse("settings_person", args=[user.username]))


def _address(request: Request, user: User) -> HttpResponse:
    form = AddressForm(request.POST, instance=user)
    if not form.is_valid():
        return _person_page(request, user.username, form=form, status=422)
    actions.set_address(user, **form.given(), by=request.actor, at=now())
    return done(request, reverse("settings_person", args=[user.username]))


def _new_link(request: Request, user: User) -> HttpResponse:
    return _person_page(request, user.username, link=actions.sign_in_link(user, by=request.actor, at=now()))


def _person_page(
    request: Request,
    username: str,
    *,
    form: PostForm | AddressForm | None = None,
    problem: str = "",
    link: str = "",
    status: int = 200,
) -> HttpResponse:
    today = local_day(now())
    shown = get_object_or_404(people_of(request.actor, today), username=username)
    context = {
        "person": shown,
        "address": form if isinstance(form, AddressForm) else AddressForm(instance=shown),
        "form": form if isinstance(form, PostForm) else PostForm(actor=request.actor, today=today),
        "problem": problem,
        "link": request.build_absolute_uri(link) if link else "",
        "today": today,
    }
    return page(request, "orgs/settings_person.html", None, context, status=status)
