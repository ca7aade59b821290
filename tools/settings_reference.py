#!/usr/bin/env python3
"""Makes docs/settings.md and docs/settings.zh-CN.md from shared/settings.py. `--check` compares instead (CI).

The English text of a setting stands beside it in the code, the Chinese one here; a setting without it ends the tool with a line that says so.
"""

from __future__ import annotations

import ast
import sys
import typing
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import SecretStr
from pydantic.fields import FieldInfo

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from shared.settings import Settings  # noqa: E402 (the path is set above)
from tieout.language import Language, pick  # noqa: E402 (the path is set above)

FILES: Final[dict[Language, str]] = {"en": "settings.md", "zh": "settings.zh-CN.md"}

CHINESE: Final = {
    "kafka_bootstrap": "Kafka 地址，主机:端口，以逗号分隔",
    "kafka_security": "Kafka 的安全协议",
    "kafka_sasl_mechanism": "SASL 机制",
    "kafka_user": "SASL 用户",
    "kafka_password": "SASL 密码",
    "kafka_ca": "Kafka TLS 证书的根证书文件",
    "topic_prefix": "所有主题和消费者组名称的前缀",
    "partitions": "tieout 创建主题时的分区数",
    "replication": "tieout 创建主题时的副本数",
    "session_seconds": "消费者静默超过这么久就失去分区",
    "inline_bytes": "超过此大小的内容不放在事件里，改为引用",
    "s3_endpoint": "S3 地址；http 或 https 决定是否使用 TLS",
    "s3_region": "S3 区域",
    "s3_path_style": "存储桶写在路径里，而不是主机名里",
    "s3_ca": "S3 TLS 证书的根证书文件",
    "s3_access_key": "S3 访问密钥；留空则取自 TIEOUT_S3_CREDENTIALS",
    "s3_secret_key": "S3 私密密钥",
    "s3_credentials": "AWS 格式的凭据文件，[default] 一节",
    "s3_bucket": "各部门上传 PDF 的存储桶",
    "s3_artifacts": "存放产物、运行记录、尝试记录和人工决定的存储桶",
    "database": "PostgreSQL 数据库地址（仅 store 使用）",
    "workers": "一个服务的子进程数，也是同时处理的文件数",
    "http_host": "健康检查与指标的监听地址",
    "http_port": "健康检查与指标的端口；0 为不开放",
    "work": "进程的临时目录，启动时清空",
    "instance": "日志和指标中的进程名；留空为服务名加进程号",
    "drain_seconds": "被要求停止后，用多长时间做完手上的工作",
    "log_level": "记录的最低日志级别",
    "otlp_endpoint": "OpenTelemetry 收集器地址（OTLP over HTTP）；留空则不发送链路",
    "stuck_seconds": "有待处理记录却这么久没有完成一条，服务即自判失活",
    "retry_seconds": "暂时性故障就地重试的时间，之后事件推迟",
    "begun_limit": "对一个事件开始过这么多次而服务每次都随之终止，事件即成为死信",
    "sweep_seconds": "store 多久列举一次存储桶",
    "stalled_seconds": "处理中的报送这么久没有进展即重新开始",
    "window": "派发与抽取之间最多有多少件；0 为每个分区八件",
    "activate": "阶段=版本，以逗号分隔：首次启动起生效的版本；已有启用版本的阶段不受影响",
    "keep_artifacts_days": "非当前版本的产物保留天数（tieout clean）",
    "fault_points": "仅用于测试：进程在何处终止自己或等待",
    "production": "拒绝故障注入点",
}
HEADINGS: Final = {
    "Kafka": "Kafka",
    "Object storage": "对象存储",
    "Database (store only)": "数据库（仅 store）",
    "The process": "进程",
    "Delivery": "传递",
    "Store": "store",
    "Tests": "测试",
}
OTHERS: Final = (
    ("TIEOUT_VENV", "`bin/tieout`：虚拟环境的位置（默认 `.venv`）", "`bin/tieout`: where the virtual environment is (default `.venv`)"),
    ("TIEOUT_PYTHON", "`bin/setup`：使用哪个 Python 解释器", "`bin/setup`: which Python interpreter to use"),
    (
        "TIEOUT_NATIVE",
        "`off`：读取 PDF 时不用编译的循环（结果相同，较慢）",
        "`off`: PDFs are read without the compiled loops (the same results, more slowly)",
    ),
    ("TIEOUT_CACHE", "`tieout up`：下载的服务器程序放在哪里", "`tieout up`: where downloaded servers are kept"),
    ("TIEOUT_TRACEBACK", "命令行：程序自身故障时显示完整调用栈", "command line: show the stack of a failure of its own"),
    ("TIEOUT_CORPUS", "测试：真实公开文件的位置", "tests: where real disclosures are"),
)


class MissingChineseError(Exception):
    """A setting that has no Chinese text here; the text names it."""


def sections() -> list[tuple[str, list[str]]]:
    """Heading → settings, as the comments in shared/settings.py divide them."""
    source = (ROOT / "shared" / "settings.py").read_text(encoding="utf-8")
    lines = source.splitlines()
    (settings,) = (node for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name == "Settings")
    found: list[tuple[str, list[str]]] = []
    for node in settings.body:
        if not (isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id in Settings.model_fields):
            continue
        above = lines[node.lineno - 2].strip()
        if above.startswith("# ") and above[2:] in HEADINGS:
            found.append((above[2:], []))
        elif node.target.id == "fault_points":
            found.append(("Tests", []))
        found[-1][1].append(node.target.id)
    return found


def page(language: Language) -> str:
    """The reference in one language."""
    if missing := sorted(set(Settings.model_fields) - set(CHINESE)):
        raise MissingChineseError(f"no Chinese text in tools/settings_reference.py: {', '.join(missing)}")
    lines = [
        f"# {pick(language, '设置', 'Settings')}",
        "",
        pick(language, "[English](settings.md)", "[中文](settings.zh-CN.md)"),
        "",
        pick(
            language,
            "由 `tools/settings_reference.py` 根据 `shared/settings.py` 生成。每项都是环境变量；`tieout up` 自行设置本地安装的各项，"
            "`--env NAME=VALUE` 可以更改。标为“保密”的值在日志中显示为星号。",
            "Made by `tools/settings_reference.py` from `shared/settings.py`. Each is an environment variable; `tieout up` sets those of a local "
            "installation by itself, `--env NAME=VALUE` changes them. Values marked secret stand as asterisks in logs.",
        ),
    ]
    head = pick(language, "| 变量 | 默认值 | 取值 | 含义 |", "| variable | default | values | meaning |")
    for heading, names in sections():
        lines += ["", f"## {pick(language, HEADINGS[heading], heading)}", "", head, "|---|---|---|---|"]
        lines += [_row(name, Settings.model_fields[name], language) for name in names]
    lines += [
        "",
        f"## {pick(language, '其他变量', 'Other variables')}",
        "",
        pick(language, "| 变量 | 含义 |", "| variable | meaning |"),
        "|---|---|",
    ]
    lines += [f"| `{name}` | {pick(language, zh, en)} |" for name, zh, en in OTHERS]
    return "\n".join(lines) + "\n"


def _row(name: str, field: FieldInfo, language: Language) -> str:
    secret = field.annotation is SecretStr
    default = "" if secret or field.default in ("", None) else f"`{_shown(field.default)}`"
    meaning = pick(language, CHINESE[name], field.description or "")
    return f"| `TIEOUT_{name.upper()}` | {default} | {_values(field, language)} | {meaning} |"


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _values(field: FieldInfo, language: Language) -> str:
    kind = field.annotation
    if typing.get_origin(kind) is Literal:
        return " ".join(f"`{word}`" for word in typing.get_args(kind))
    names = {
        bool: pick(language, "`true` 或 `false`", "`true` or `false`"),
        int: pick(language, "整数", "whole number"),
        float: pick(language, "数", "number"),
        SecretStr: pick(language, "保密", "secret"),
    }
    kinds = typing.get_args(kind) or (kind,)
    if Path in kinds:
        return pick(language, "路径", "path")
    text = names.get(kind, pick(language, "文本", "text"))  # type: ignore[arg-type]
    limits = [f"{sign} {getattr(each, word):g}" for each in field.metadata for word, sign in _SIGNS.items() if hasattr(each, word)]
    return " ".join([text, *limits])


_SIGNS: Final = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}


def main() -> int:
    """Writes or checks the pages; returns the exit code."""
    stale = []
    for language, name in FILES.items():
        try:
            text, file = page(language), ROOT / "docs" / name
        except MissingChineseError as problem:
            print(problem, file=sys.stderr)
            return 1
        if "--check" not in sys.argv:
            file.write_text(text, encoding="utf-8")
        elif not file.exists() or file.read_text(encoding="utf-8") != text:
            stale.append(name)
    if stale:
        print(f"stale in docs: {', '.join(stale)}: run tools/settings_reference.py", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
