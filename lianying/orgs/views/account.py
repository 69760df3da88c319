"""Signing in and out, and the password."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.hashers import make_password
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlsafe_base64_decode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from lianying.common.clock import local_day, now
from lianying.common.limits import count
from lianying.common.pages import done, needs, page, public
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.orgs import actions
from lianying.orgs.forms import AddressForm, ChangePasswordForm, NewPasswordForm, SignInForm
from lianying.orgs.middleware import ANYONE, Request
from lianying.orgs.models import User
from lianying.orgs.queries import actor_of, has_operator, locks
from lianying.rules.powers import Power
from lianying.rules.refusals import Refused

BACKEND = "django.contrib.auth.backends.ModelBackend"
#: Tries to sign in that one address may make in an hour: a whole office may share an address.
PER_HOUR = 300
#: Says that this browser was signed in, so that somebody whose session ran out is told so.
WAS_SIGNED_IN = "lianying_was_signed_in"


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: Request) -> HttpResponse:
    if request.method == "POST":
        return _try(request)
    if request.actor.is_staff:
        return HttpResponseRedirect(_onward(request))
    return _sign_in_page(request, SignInForm(), was=request.COOKIES.get(WAS_SIGNED_IN) == "1")


def _try(request: Request) -> HttpResponse:
    at = now()
    form = SignInForm(request.POST)
    try:
        count(request, "sign_in", PER_HOUR, at=at)
    except Refused as refused:
        return _sign_in_page(request, form, words(refused), status=status_of(refused))
    if not form.is_valid():
        return _sign_in_page(request, form, status=422)
    user = _known(form.cleaned_data["username"], form.cleaned_data["password"], at)
    if isinstance(user, datetime):
        return _sign_in_page(request, form, _locked_words(user), status=422)
    if user is None:
        return _sign_in_page(request, form, _("User name or password is wrong."), status=422)
    if not actor_of(user, local_day(at)).posts:
        text = _("Your account holds no post at present. Please ask the person who looks after this system.")
        return _sign_in_page(request, form, text, status=422)
    return _enter(request, user, _onward(request), at)


def _known(username: str, password: str, at: datetime) -> User | datetime | None:
    """The user; None for a wrong name or password; a moment where the name is locked until then.

    A name that nobody has takes as long and is locked as well: what comes back does not tell who works here.
    """
    user = User.objects.filter(username=username, is_active=True).first()
    until = locks([username], at).get(username)
    if user is None or until is not None:
        # One hash is made whatever comes back.
        make_password(password)
    elif user.check_password(password):
        return user
    return until or actions.count_failure(username, user=user, by=ANYONE, at=at)


def _locked_words(until: datetime) -> str:
    clock = timezone.localtime(until).strftime("%H:%M")
    return _("Too many wrong passwords: nobody can sign in with this name before %(clock)s.") % {"clock": clock}


def _enter(request: Request, user: User, url: str, at: datetime) -> HttpResponse:
    actions.note_sign_in(user, by=actor_of(user, local_day(at)), at=at)
    login(request, user, BACKEND)
    response = done(request, url)
    response.set_cookie(
        WAS_SIGNED_IN,
        "1",
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        path=reverse("sign_in"),
    )
    return response


def _onward(request: Request) -> str:
    """Where the person wanted to go, if it is here."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    here = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return url if here else reverse("desk")


def _sign_in_page(
    request: Request, form: SignInForm, problem: str = "", *, was: bool = False, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "problem": problem,
        "was_signed_in": was,
        "minutes": settings.ENV["SESSION_MINUTES"],
        "next": _onward(request),
        "is_set_up": has_operator(),
    }
    return page(request, "orgs/sign_in.html", None, context, status=status)


@public
@require_POST
def sign_out(request: Request) -> HttpResponse:
    logout(request)
    response = done(request, reverse("sign_in"))
    response.delete_cookie(WAS_SIGNED_IN, path=reverse("sign_in"), samesite="Lax")
    return response


@needs(*Power)
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: Request) -> HttpResponse:
    """Change one's own, and where one is written to.

    Forced before anything else while the first one was made by somebody else.
    """
    user = User.objects.get(pk=request.actor.user_id or 0)
    is_address = request.POST.get("do") == "address"
    form = ChangePasswordForm(request.POST if request.method == "POST" and not is_address else None, user=user)
    address = AddressForm(request.POST if is_address else None, instance=user)
    if address.is_valid():
        actions.set_address(user, **address.given(), by=request.actor, at=now())
        return done(request, reverse("desk"))
    if form.is_valid():
        actions.set_password(user, form.cleaned_data["new"], by=request.actor, at=now())
        request.user = user
        update_session_auth_hash(request, user)
        return done(request, reverse("desk"))
    context = {"form": form, "address": address, "forced": user.must_change_password}
    return page(request, "orgs/password.html", None, context, status=422 if request.method == "POST" else 200)


@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def welcome(request: Request, uid: str, token: str) -> HttpResponse:
    """A one-time link: its holder sets a password and is signed in."""
    user = _invited(uid, token)
    if user is None:
        return page(request, "orgs/welcome.html", None, {"form": None, "person": None}, status=410)
    form = NewPasswordForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_valid():
        at = now()
        actor = actor_of(user, local_day(at))
        actions.set_password(user, form.cleaned_data["new"], by=actor, at=at)
        return _enter(request, user, reverse("desk") if actor.posts else reverse("sign_in"), at)
    context = {"form": form, "person": user}
    return page(request, "orgs/welcome.html", None, context, status=422 if form.is_bound else 200)


def _invited(uid: str, token: str) -> User | None:
    try:
        number = int(urlsafe_base64_decode(uid).decode())
    except ValueError:
        return None
    user = User.objects.filter(pk=number, is_active=True).first() if number < 2**63 else None
    return user if user is not None and default_token_generator.check_token(user, token) else None
