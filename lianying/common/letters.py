"""Letters of the office as .docx: paper, type and spacing of GB/T 9704-2012, as far as the type is there."""

from collections.abc import Sequence
from datetime import datetime
from typing import IO, Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt

#: Type for titles, headings and text; a machine without it takes its own.
TITLE, HEADING, TEXT = ("方正小标宋简体", "黑体", "仿宋")
LATIN = "Times New Roman"
#: 22 lines of 28 characters: sizes in points.
SIZE, SMALL, LARGE, LEADING = 16, 12, 22, 28
#: Width between the margins.
WIDE = Mm(156)


class Letter:
    """A letter that is written from top to bottom. title: its name in the file too;  by: the office that sends it."""

    def __init__(self, title: str, *, by: str, at: datetime) -> None:
        self._document = Document()
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        self._number_pages(section.footer.paragraphs[0])
        about = self._document.core_properties
        about.title, about.author, about.comments = title, by, ""
        about.created = about.modified = at.replace(tzinfo=None)
        _line(self._document.add_paragraph(), title, TITLE, LARGE).alignment = WD_ALIGN_PARAGRAPH.CENTER

    def subtitle(self, words: str) -> None:
        _line(self._document.add_paragraph(), words, TEXT, SIZE).alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._document.add_paragraph()

    def heading(self, words: str) -> None:
        """With its level, so that a reader finds its way by them."""
        paragraph = self._document.add_heading(level=1)
        _line(paragraph, words, HEADING, SIZE)
        paragraph.paragraph_format.first_line_indent = Pt(2 * SIZE)

    def text(self, words: str) -> None:
        """A paragraph for each line, its first two characters left free."""
        for one in filter(None, map(str.strip, words.splitlines())):
            paragraph = _line(self._document.add_paragraph(), one, TEXT, SIZE)
            paragraph.paragraph_format.first_line_indent = Pt(2 * SIZE)

    def table(self, caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]], *, wide: Sequence[int]) -> None:
        """wide: the share of each column. The heads stand again on each page; no row is broken between two."""
        _line(self._document.add_paragraph(), caption, HEADING, SMALL).alignment = WD_ALIGN_PARAGRAPH.CENTER
        table = self._document.add_table(rows=1 + len(rows), cols=len(heads), style="Table Grid")
        table.autofit = False
        widths = [Emu(WIDE * share // sum(wide)) for share in wide]
        for at, (row, cells) in enumerate(zip(table.rows, [heads, *rows], strict=True)):
            _keep_together(row, is_head=at == 0)
            for number, (cell, words, width) in enumerate(zip(row.cells, cells, widths, strict=True)):
                cell.width = width
                paragraph = _line(cell.paragraphs[0], words, HEADING if at == 0 else TEXT, SMALL, leading=18)
                middle = at == 0 or (number and words.isdigit())
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if middle else WD_ALIGN_PARAGRAPH.LEFT
        self._document.add_paragraph()

    def signed(self, *lines: str) -> None:
        for line in lines:
            _line(self._document.add_paragraph(), line, TEXT, SIZE).alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def save(self, out: IO[bytes]) -> None:
        self._document.save(out)

    @staticmethod
    def _number_pages(paragraph: Any) -> None:
        """'— 1 —'."""
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _typed(paragraph.add_run("— "), LATIN, 14)
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        paragraph._p.append(field)
        _typed(paragraph.add_run(" —"), LATIN, 14)


def _line(paragraph: Any, words: str, face: str, size: int, *, leading: int = LEADING) -> Any:
    _typed(paragraph.add_run(words), face, size)
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(max(leading, size + 6))
    return paragraph


def _typed(run: Any, face: str, size: int) -> None:
    """Chinese in its own face, digits and Latin letters in LATIN, all in black."""
    run.font.name, run.font.size, run.font.bold = LATIN, Pt(size), False
    run.font.color.rgb = None
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)


def _keep_together(row: Any, *, is_head: bool) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_head:
        properties.append(OxmlElement("w:tblHeader"))
