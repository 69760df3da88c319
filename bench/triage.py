"""`python -m bench.triage`: how well proposals hit, on labelled messages, and what they and the look for alike cost.

BENCH_LABELLED   a table of labelled messages with the columns that `lianying train --from` reads; without it that part
                 is left out
BENCH_UNLABELLED messages without a category, which tell only which words are rare (may be absent)
BENCH_OPEN       open requests among which alike ones are looked for (1000000)
"""

import csv
import os
import random
import tempfile
from array import array
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import django
import numpy as np
from numpy.typing import NDArray

TURNS = 5
ASKS = 200


def told_in(path: Path) -> "list[Decision]":
    """Messages as requests without a category."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return [Decision(Told((row["留言主题"] or "").strip(), (row["留言详情"] or "").strip()), "") for row in rows]


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """pairs: (true label, proposed label)"""
    labels = {true for true, _ in pairs}
    found = []
    for label in labels:
        right = sum(true == guess == label for true, guess in pairs)
        named = sum(true == label for true, _ in pairs) + sum(guess == label for _, guess in pairs)
        found.append(2 * right / named)
    return sum(found) / len(found)


def hits(decisions: "list[Decision]") -> None:
    """Five-fold, in five divisions; the same words never stand on both sides."""
    figures = []
    for turn in range(TURNS):
        held = held_out(decisions, turn)["category"]
        pairs = [(decisions[one.row].category, one.label) for one in held]
        ranked = sorted(held, key=lambda one: -one.margin)
        running, right, sure = [], 0, 0
        for count, one in enumerate(ranked, start=1):
            right += one.is_right
            running.append(right / count)
            sure = count if running[-1] >= VERY else sure
        top = round(0.7 * len(held))
        figures.append((len(held), accuracy(held), macro_f1(pairs), running[top - 1], sure / len(held)))
    print("| division | messages | right | macro-F1 | right among the surest 70 % | part that is 97 % right |")
    print("|--:|--:|--:|--:|--:|--:|")
    for turn, (count, *parts) in enumerate(figures, start=1):
        print(f"| {turn} | {count} | " + " | ".join(f"{part:.3f}" for part in parts) + " |")
    means = [sum(one[place] for one in figures) / TURNS for place in range(1, 5)]
    print("| mean | | " + " | ".join(f"{part:.3f}" for part in means) + " |")


def speed(decisions: "list[Decision]") -> None:
    started = perf_counter()
    weights = learn(decisions, {})
    learned = perf_counter() - started
    times = []
    for decision in decisions[:ASKS]:
        started = perf_counter()
        weights.guess("category", decision.told)
        times.append((perf_counter() - started) * 1000)
    times.sort()
    size = len(weights.packed()) // 1024
    print(f"Learning took {learned:.1f} s, the file has {size} KB; a proposal: median {times[len(times) // 2]:.2f} ms,")
    print(f"99th of 100 {times[int(len(times) * 0.99)]:.2f} ms.")


MATTERS = (
    "路灯",
    "井盖",
    "下水道",
    "物业费",
    "电梯",
    "工资",
    "自来水",
    "公交车",
    "学区",
    "医保",
    "垃圾",
    "噪音",
    "围墙",
    "树枝",
)
FAULTS = (
    "坏了",
    "松动",
    "堵塞",
    "涨价",
    "停运",
    "拖欠",
    "发黄",
    "不来",
    "报不上名",
    "报销难",
    "堆积",
    "扰民",
    "倒塌",
    "挡光",
)
PLACES = tuple(
    f"{name}{kind}"
    for name in "东西南北新旧上下前后金银石木"
    for kind in ("街", "巷", "村", "桥", "园", "庄", "湾", "坡")
)


def sentence(rng: random.Random) -> str:
    tail = "".join(
        rng.choice("春夏秋冬山水云月花鸟鱼虫江河湖海田土火光电声色香味门窗桌椅") for _ in range(rng.randrange(8, 40))
    )
    place, matter = rng.choice(PLACES) + rng.choice(PLACES), rng.choice(MATTERS) + rng.choice(FAULTS)
    return f"{place}的{matter}已经{rng.randrange(2, 90)}天，{tail}"


def fill(numbers: "NDArray[np.int64]", subjects: "NDArray[np.int64]") -> None:
    """In the order of the key, without the other index meanwhile: else a million takes half an hour."""
    index = Signature._meta.indexes[0]
    with connection.schema_editor() as schema:
        schema.remove_index(Signature, index)
    marks = Table(Signature, "bucket", "subject", "answer")
    order = np.lexsort((subjects, numbers))
    for start in range(0, len(order), 200_000):
        part = order[start : start + 200_000]
        for bucket, subject in zip(numbers[part].tolist(), subjects[part].tolist(), strict=True):
            marks.add(bucket, subject, False)
        with transaction.atomic():
            marks.write()
    with connection.schema_editor() as schema:
        schema.add_index(Signature, index)


def alike(count: int) -> None:
    """Marks of so many open requests, then the query of the page for new ones; texts are compared as there."""
    rng = random.Random(5)
    texts = [sentence(rng) for _ in range(count)]
    started = perf_counter()
    numbers, subjects = array("q"), array("q")
    for number, text in enumerate(texts, start=1):
        marks = buckets(Told("", text, f"{text[:4]}{number % 200}号"))
        numbers.extend(marks)
        subjects.extend([number] * len(marks))
    made = (perf_counter() - started) * 1000 / count
    fill(np.frombuffer(numbers, np.int64), np.frombuffer(subjects, np.int64))
    times, retold = [], 0
    for _ in range(ASKS):
        number = rng.randrange(count)
        # Said by somebody else: other words before and after, a third of the rest gone.
        text = "你好，" + texts[number][: int(len(texts[number]) * 0.7)] + "，盼回复"
        started = perf_counter()
        mine = pairs(text)
        near = set(joined(candidates(Told("", text, "别处"))))
        close = [one for one in near if likeness(mine, pairs(texts[one - 1])) >= ALIKE]
        times.append((perf_counter() - started) * 1000)
        retold += number + 1 in close
    times.sort()
    print(f"{connection.vendor}, {count} open requests, {len(numbers)} marks ({made:.2f} ms to make those of one):")
    print(f"alike ones are found in median {times[ASKS // 2]:.1f} ms, 99th of 100 {times[int(ASKS * 0.99)]:.1f} ms;")
    print(f"the one that was retold is among them in {retold} of {ASKS}.")


def main() -> None:
    path = os.environ.get("BENCH_LABELLED", "")
    if path and Path(path).is_file():
        decisions, _ = read(Path(path))
        hits(decisions)
        speed(decisions)
        more = os.environ.get("BENCH_UNLABELLED", "")
        if more and Path(more).is_file():
            print("With the messages without a category, for how rare a word is:")
            learning.LARGE = 10**6
            hits(decisions + told_in(Path(more)))
    else:
        print("No labelled messages (BENCH_LABELLED): nothing to say about how well proposals hit.")
    call_command("migrate", verbosity=0)
    alike(int(os.environ.get("BENCH_OPEN", "1000000")))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="lianying-bench-") as folder:
        os.environ["DJANGO_SETTINGS_MODULE"] = "lianying.config.settings"
        os.environ["LIANYING_DATA_DIR"] = folder
        django.setup()
        from django.core.management import call_command
        from django.db import connection, transaction

        from bench.tables import Table
        from lianying.cases.management.commands.train import read
        from lianying.common.db import joined
        from lianying.triage import learning
        from lianying.triage.grams import Decision, Told
        from lianying.triage.learning import VERY, accuracy, held_out, learn
        from lianying.triage.models import Signature
        from lianying.triage.queries import candidates
        from lianying.triage.similar import ALIKE, buckets, likeness, pairs

        main()
