"""Where a request stands, and what its resident may do about it. Number and code stand in for an account."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lianying.cases import actions, clocks
from lianying.cases.facts import moves_for
from lianying.cases.forms.resident import NoteForm, RateForm, ReplyForm, WithdrawForm, WordsForm, take_photos
from lianying.cases.labels import STATES_FOR_RESIDENTS
from lianying.cases.models import Case
from lianying.cases.queries.scope import may_see
from lianying.cases.queries.track import Tracked, case_of_resident, tracked
from lianying.cases.sentences import sentence
from lianying.cases.views.tell import is_forged, path_of, wants_json
from lianying.common.clock import now
from lianying.common.crypto import case_code
from lianying.common.limits import count
from lianying.common.pages import done, message, page, public
from lianying.common.refusals import status as status_of
from lianying.common.refusals import words
from lianying.orgs.scope import RESIDENT
from lianying.rules.lifecycle import Move, State
from lianying.rules.refusals import Refused
