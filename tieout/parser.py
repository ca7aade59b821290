"""argparse in the user's language: headings, columns of Chinese text, and its own messages for wrong calls."""

from __future__ import annotations

import argparse
import re
from typing import Any

from rich.cells import cell_len

from tieout.exit_codes import USAGE, UserError
from tieout.language import Language, pick

_NAME = r"(?:argument (?P<name>.+?): )"
# What argparse (3.11 to 3.14) says of a wrong call, and how it is said in Chinese; tests go through each.
_CHINESE: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), text)
    for pattern, text in (
        (rf"{_NAME}invalid choice: (?P<value>.*?) \(choose from (?P<choices>.*)\)", "{name} 没有 {value} 这一选择（可选：{choices}）"),
        (rf"{_NAME}expected one argument", "{name} 后面缺少内容"),
        (rf"{_NAME}expected at least one argument", "{name} 后面缺少内容"),
        (rf"{_NAME}invalid int value: (?P<value>.*)", "{name} 须为整数，而不是 {value}"),
        (rf"{_NAME}ignored explicit argument (?P<value>.*)", "{name} 不带内容，多写了 {value}"),
        (r"the following arguments are required: (?P<value>.*)", "缺少参数：{value}"),
        (r"one of the arguments (?P<choices>.*) is required", "须写其中一项：{choices}"),
        (rf"{_NAME}not allowed with argument (?P<value>.*)", "{name} 不能与 {value} 同时写"),
        (r"unrecognized arguments: (?P<value>.*)", "无法识别：{value}"),
        (r"ambiguous option: (?P<value>.*?) could match (?P<choices>.*)", "{value} 有多种可能：{choices}"),
        (rf"{_NAME}(?P<value>.*)", "{name} {value}"),
    )
)


def wrong_usage(message: str, language: Language) -> str:
    """argparse's message about a wrong call in the user's language; what is not known stays as it is."""
    if language == "en":
        return message
    for pattern, text in _CHINESE:
        if match := pattern.fullmatch(message):
            return text.format(**match.groupdict())
    return message


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Help in columns that stay straight where a name is Chinese: such a character is two columns wide."""

    def _format_action(self, action: argparse.Action) -> str:
        text = super()._format_action(action)
        header = self._format_action_invocation(action)
        wider = cell_len(header) - len(header)
        gap = re.match(rf"\s*{re.escape(header)}( +)\S", text)
        if wider and gap and len(gap[1]) >= wider + 2:
            return text[: gap.start(1)] + gap[1][wider:] + text[gap.end(1) :]
        return text


class Parser(argparse.ArgumentParser):
    """A parser in one language. A wrong call is a UserError of one line with exit code 2."""

    language: Language = "zh"

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=_Formatter, add_help=False, **options)
        self._positionals.title = pick(self.language, "参数", "arguments")
        self._optionals.title = pick(self.language, "选项", "options")
        self.add_argument("-h", "--help", action="help", help=pick(self.language, "显示本帮助", "show this help"))

    def format_usage(self) -> str:
        """The line of usage."""
        return self._in_language(super().format_usage())

    def format_help(self) -> str:
        """The whole help."""
        return self._in_language(super().format_help())

    def _in_language(self, text: str) -> str:
        titles = [group.title for group in self._action_groups if group.title]
        for title in titles:  # argparse repeats the name of the commands below their heading
            text = re.sub(rf"^({re.escape(title)}):\n  \S+\n(?=    )", r"\1:\n", text, flags=re.MULTILINE)
        if self.language == "en":
            return text
        for title in titles:
            text = re.sub(rf"^{re.escape(title)}:$", f"{title}：", text, flags=re.MULTILINE)
        return text.replace("usage: ", "用法：", 1)

    def error(self, message: str) -> Any:
        """Raises UserError: what is wrong, and where the help is."""
        wrong = wrong_usage(message, self.language)
        hint = pick(self.language, f"用法有误：{wrong}。查看 {self.prog} --help。", f"wrong usage: {wrong}. See {self.prog} --help.")
        raise UserError(USAGE, hint, hint)


def parser_class(language: Language) -> type[Parser]:
    """The parser of one language, also for the parsers of commands."""
    return type("LanguageParser", (Parser,), {"language": language})
