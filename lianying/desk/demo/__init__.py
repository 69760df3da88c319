"""The demonstration county: made through the actions, as people would have made it."""

from lianying.reference.demo import county

#: Printed at start; a demonstration holds no real person.
PASSWORD = "lianying-demo"


def accounts_text() -> str:
    """The accounts of the demonstration, a line each."""
    lines = [f"  {person.user_name:12} {person.account:14} {person.name}" for person in county().accounts()]
    head = f"\n  {county().note_zh}\n  演示账号（密码都是 {PASSWORD}）：\n"
    return head + "\n".join(lines) + "\n"
