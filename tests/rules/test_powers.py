from lianying.rules.powers import POST_ROLES, POWERS, Power, Role


def test_every_role_has_its_powers_and_every_power_a_role() -> None:
    assert set(POWERS) == set(Role)
    assert frozenset().union(*POWERS.values()) == set(Power)


def test_a_post_is_offered_for_what_a_person_has_a_page_for() -> None:
    assert set(POST_ROLES) == set(Role) - {Role.RESIDENT, Role.CLOCK}


def test_whoever_proposes_does_not_decide() -> None:
    for role in set(Role) - {Role.RESIDENT, Role.CLOCK}:
        assert not {Power.PROPOSE_END, Power.SORT} <= POWERS[role]
        assert not {Power.HANDLE, Power.EXTEND} <= POWERS[role]


def test_whoever_resolves_does_not_check() -> None:
    assert not any(Power.HANDLE in POWERS[role] and POWERS[role] & {Power.CHECK, Power.CALL} for role in Role)


def test_an_operator_sees_no_request() -> None:
    assert POWERS[Role.OPERATOR] == {Power.CONFIGURE}


def test_the_clock_does_what_falls_due_and_writes_down_what_other_systems_say() -> None:
    assert POWERS[Role.CLOCK] == {Power.RESUME, Power.FALL_DUE, Power.CLOSE_SILENT, Power.REFER}
