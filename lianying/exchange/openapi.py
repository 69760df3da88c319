"""The calls of GeoReport v2 as an OpenAPI 3.1 document, from the same tables by which they are read."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from lianying.exchange.calls import CALLS, MOST_PAGES, PUT_IN, Call, Kind, Parameter
from lianying.exchange.queries.services import ATTRIBUTES, UNSORTED
from lianying.exchange.written import TYPES
from lianying.rules.open311 import Update

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
MAYBE: Schema = {"type": ["string", "null"]}
MOMENT: Schema = {"type": "string", "format": "date-time"}
FAULTS: Mapping[int, str] = {
    400: "what was sent cannot be read",
    403: "the key is missing or not known",
    404: "there is no such thing",
    405: "the method is another one",
    413: "too much at once",
    429: "too often",
    503: "nobody can receive this here yet",
}


def document(url: str) -> Schema:
    """url: of the service, without a slash at its end."""
    paths: dict[str, Schema] = {}
    for call in CALLS:
        for form in call.formats:
            method = "post" if call.in_body else "get"
            paths.setdefault(f"/{call.path}.{form}", {})[method] = _operation(call, form)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Open311 GeoReport v2",
            "version": "2.0",
            "description": _("Requests of residents: put in, followed, and read as far as they are public."),
        },
        "servers": [{"url": url}, {"url": f"{url}/test", "description": _("Nothing sent here stays.")}],
        "paths": paths,
        "components": {"schemas": SCHEMAS},
    }


def _operation(call: Call, form: str) -> Schema:
    in_path = [part.strip("{}") for part in call.path.split("/") if part.startswith("{")]
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}} for name in in_path
    ]
    found: Schema = {
        "operationId": f"{call.name}_{form}",
        "summary": str(call.about),
        "parameters": parameters,
        "responses": {"200": _answer(call, form)} | {str(code): _fault(words, form) for code, words in FAULTS.items()},
    }
    if call.in_body:
        found["requestBody"] = {"required": True, "content": _bodies(call)}
    else:
        found["parameters"] = parameters + [
            {
                "name": one.name,
                "in": "query",
                "required": one.required,
                "description": str(one.about),
                "schema": _schema(one),
            }
            for one in call.parameters
        ]
    return found


def _answer(call: Call, form: str) -> Schema:
    one = {"$ref": f"#/components/schemas/{call.answers}"}
    schema = {"type": "array", "items": one} if call.of_many else one
    content = {"schema": schema} if form == "json" else {}
    return {"description": str(call.about), "content": {TYPES[form]: content}}


def _fault(words: str, form: str) -> Schema:
    """Of CSV faults are told in JSON."""
    form = "json" if form == "csv" else form
    content = {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Error"}}} if form == "json" else {}
    return {"description": words, "content": {TYPES[form]: content}}


def _bodies(call: Call) -> Schema:
    fields = {one.name: {**_schema(one), "description": str(one.about)} for one in call.parameters}
    asked = {}
    if call is PUT_IN:
        asked = {f"attribute[{name}]": {"type": "string", "enum": [*choices]} for name, choices in ATTRIBUTES.items()}
    body: Schema = {
        "type": "object",
        "properties": {**fields, **asked},
        "required": [one.name for one in call.parameters if one.required],
    }
    if call is PUT_IN:
        body["dependentRequired"] = {"lat": ["long"], "long": ["lat"]}
        body["anyOf"] = [{"required": [name]} for name in ("lat", "address_string", "address_id")]
    files = {"media": {"type": "array", "items": {"type": "string", "format": "binary"}}} if call is PUT_IN else {}
    whole = {**body, "properties": {**body["properties"], **files}}
    return {
        "application/x-www-form-urlencoded": {"schema": body},
        "multipart/form-data": {"schema": whole},
    }


def _schema(one: Parameter) -> Schema:
    degrees = {Kind.LATITUDE: 90, Kind.LONGITUDE: 180}
    if one.kind in degrees:
        return {"type": "number", "minimum": -degrees[one.kind], "maximum": degrees[one.kind]}
    if one.kind is Kind.COUNT:
        return {"type": "integer", "minimum": 1, "maximum": min(one.most, MOST_PAGES)}
    if one.kind in {Kind.MOMENT, Kind.LAST_MOMENT}:
        empty = [] if one.required else [{"maxLength": 0}]
        return {"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}, *empty]}
    if one.kind is Kind.ONE_OF:
        return {"type": "string", "enum": [*one.choices]}
    if one.kind is Kind.SOME_OF:
        choice = "|".join(one.choices)
        return {"type": "string", "pattern": f"^(({choice})(,({choice}))*)?$"}
    return {"type": "string", "maxLength": one.most, **({"minLength": 1} if one.required else {})}


def _object(required: Mapping[str, Schema], **more: Schema) -> Schema:
    return {"type": "object", "properties": {**required, **more}, "required": [*required]}


SCHEMAS: Schema = {
    "Error": _object({"code": {"type": "integer"}, "description": TEXT}),
    "Discovery": _object(
        {
            "changeset": MOMENT,
            "contact": TEXT,
            "key_service": TEXT,
            "endpoints": {
                "type": "array",
                "minItems": 2,
                "items": _object(
                    {
                        "specification": TEXT,
                        "url": TEXT,
                        "changeset": MOMENT,
                        "type": {"type": "string", "enum": ["production", "test"]},
                        "formats": {"type": "array", "minItems": 2, "items": TEXT},
                    }
                ),
            },
        }
    ),
    "Service": _object(
        {
            "service_code": {**TEXT, "examples": [UNSORTED]},
            "service_name": TEXT,
            "description": TEXT,
            "metadata": {"type": "boolean"},
            "type": {"type": "string", "enum": ["realtime"]},
            "keywords": TEXT,
            "group": TEXT,
        }
    ),
    "ServiceDefinition": _object(
        {
            "service_code": TEXT,
            "attributes": {
                "type": "array",
                "items": _object(
                    {
                        "variable": {"type": "boolean"},
                        "code": TEXT,
                        "datatype": TEXT,
                        "required": {"type": "boolean"},
                        "datatype_description": TEXT,
                        "order": {"type": "integer"},
                        "description": TEXT,
                        "values": {"type": "array", "items": _object({"key": TEXT, "name": TEXT})},
                    }
                ),
            },
        }
    ),
    "Request": _object(
        {
            "service_request_id": TEXT,
            "status": {"type": "string", "enum": ["open", "closed"]},
            "status_notes": MAYBE,
            "service_name": TEXT,
            "service_code": TEXT,
            "description": MAYBE,
            "agency_responsible": MAYBE,
            "service_notice": MAYBE,
            "requested_datetime": MOMENT,
            "updated_datetime": MOMENT,
            "expected_datetime": MAYBE,
            "address": MAYBE,
            "address_id": MAYBE,
            "zipcode": MAYBE,
            "lat": {"type": ["number", "null"]},
            "long": {"type": ["number", "null"]},
            "media_url": MAYBE,
        }
    ),
    "Received": _object({"service_request_id": TEXT, "service_notice": TEXT}),
    "Token": _object({"service_request_id": TEXT, "token": TEXT}),
    "Update": _object(
        {
            "update_id": TEXT,
            "service_request_id": TEXT,
            "status": {"type": "string", "enum": [one.value for one in Update]},
            "updated_datetime": MOMENT,
            "description": TEXT,
            "media_url": MAYBE,
        }
    ),
    "UpdateReceived": _object({"update_id": TEXT}),
}
