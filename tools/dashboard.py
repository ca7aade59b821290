#!/usr/bin/env python3
"""Makes deploy/grafana/dashboard.json from the panels below. `--check` compares instead (CI)."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).resolve().parents[1] / "deploy" / "grafana" / "dashboard.json"
SOURCE: Final = {"type": "prometheus", "uid": "${source}"}
JOB: Final = 'job="tieout"'
WIDTH: Final = 24


@dataclass(frozen=True)
class Panel:
    """A panel: title, queries with their legends, unit as Grafana names it, what it tells. `stat`: one figure instead of a curve."""

    title: str
    queries: tuple[tuple[str, str], ...]
    unit: str = "short"
    tells: str = ""
    stat: bool = False
    stacked: bool = False
    alarm: float | None = None
    width: int = 8
    height: int = 7


def one(expression: str, legend: str = "") -> tuple[tuple[str, str], ...]:
    """A panel's only query; JOB is put into every selector that ends in {}."""
    return ((expression, legend),)


def quantiles(metric: str, by: str) -> tuple[tuple[str, str], ...]:
    """Median and 95th percentile of a histogram."""
    return tuple(
        (f"histogram_quantile({q}, sum by (le, {by}) (rate({metric}_bucket{{}}[$__rate_interval])))", f"{{{{{by}}}}} p{round(q * 100)}")
        for q in (0.5, 0.95)
    )


def figure(title: str, expression: str, tells: str, unit: str = "short", alarm: float | None = None) -> Panel:
    """One figure at the top."""
    return Panel(title, one(expression), unit=unit, tells=tells, stat=True, alarm=alarm, width=4, height=4)


ROWS: Final[tuple[tuple[str, tuple[Panel, ...]], ...]] = (
    (
        "Submissions 报送",
        (
            figure("Stored 已保存", 'max(tieout_submissions{outcome="stored"})', "submissions whose result is stored"),
            figure("In flight 处理中", 'max(tieout_submissions{outcome="in_flight"})', "submissions without an outcome yet"),
            figure("Rejected 未能读取", 'max(tieout_submissions{outcome="rejected"})', "submissions that cannot be read, with a reason"),
            figure("Dead letters 死信", "sum(max by (service) (tieout_dead_letters_open{}))", "wait for a person", alarm=1),
            figure("Oldest unfinished 最久未完成", "max(tieout_oldest_unfinished_seconds{})", "age of the oldest in flight", "s", 3600),
            figure("Holes 漏项", "max(tieout_audit_holes{})", "objects that nobody works on", alarm=1),
            Panel("What they wait for 等待原因", one("max by (waiting) (tieout_submissions_waiting{})", "{{waiting}}"), stacked=True),
            Panel("Outbox 待发", one("max by (lane) (tieout_outbox_rows{})", "{{lane}}"), tells="upload overtakes bulk; later: deferred", stacked=True),
            Panel("Finished a minute 每分钟完成", one("60 * sum by (stage) (rate(tieout_documents_total{}[$__rate_interval]))", "{{stage}}")),
        ),
    ),
    (
        "Stages 阶段",
        (
            Panel("Documents by outcome 结果", one("sum by (stage, outcome) (rate(tieout_documents_total{}[$__rate_interval]))", "{{stage}} {{outcome}}"), "ops"),
            Panel("Work on a document 单件耗时", quantiles("tieout_stage_seconds", "stage"), "s", "reused runs left out"),
            Panel("Child processes that died 子进程死亡", one("sum by (service, end) (increase(tieout_worker_deaths_total{}[1h]))", "{{service}} {{end}}")),
            Panel("Filings reconciled 公开事项核对", one("sum by (verdict) (increase(tieout_filings_total{}[1h]))", "{{verdict}}"), stacked=True),
            Panel("Workers 工作进程", one("sum by (service) (tieout_workers{})", "{{service}}")),
            Panel("Records in work 处理中的记录", one("sum by (topic) (tieout_in_flight{})", "{{topic}}"), stacked=True),
        ),
    ),
    (
        "Delivery 传递",
        (
            Panel("Lag 积压", one("sum by (topic) (tieout_lag{})", "{{topic}}"), stacked=True),
            Panel("Seconds without progress 停滞", one("max by (topic) (tieout_seconds_since_progress{})", "{{topic}}"), "s", alarm=600),
            Panel("Records by outcome 记录结果", one("sum by (outcome) (rate(tieout_events_total{}[$__rate_interval]))", "{{outcome}}"), "ops"),
            Panel("Time for a record 单条耗时", quantiles("tieout_event_seconds", "topic"), "s"),
            Panel("Failures 失败", one("sum by (kind, code) (increase(tieout_failures_total{}[10m]))", "{{kind}} {{code}}")),
            Panel(
                "Retries, deferrals, dead letters 重试、推迟、死信",
                (
                    ("sum by (kind) (increase(tieout_retries_total{}[10m]))", "tried again: {{kind}}"),
                    ("sum(increase(tieout_deferred_total{}[10m]))", "deferred"),
                    ("sum(increase(tieout_dead_letters_total{}[10m]))", "dead"),
                ),
            ),
            Panel("Attempts 尝试次数", one("sum by (number) (increase(tieout_attempts_total{}[10m]))", "{{number}}"), stacked=True),
            Panel("Publishing 发布耗时", quantiles("tieout_publish_seconds", "topic"), "s", "until all replicas have it"),
            Panel(
                "Trouble with the broker 与 Kafka 的问题",
                (
                    ("sum by (service) (increase(tieout_publish_retries_total{}[10m]))", "{{service}} published again"),
                    ("sum by (service) (increase(tieout_commit_failures_total{}[10m]))", "{{service}} commit failed"),
                    ("sum by (service) (increase(tieout_consumer_restarts_total{}[10m]))", "{{service}} consumer restarted"),
                ),
            ),
            Panel("Published 已发布", one("sum by (topic) (rate(tieout_published_total{}[$__rate_interval]))", "{{topic}}"), "ops"),
            Panel("Partitions 分区", one("sum by (topic) (tieout_assigned_partitions{})", "{{topic}}"), tells="assigned to some process"),
            Panel("Sent from the outbox 派发", one("sum by (topic) (rate(tieout_outbox_sent_total{}[$__rate_interval]))", "{{topic}}"), "ops"),
        ),
    ),
    (
        "Sweep and audit 清扫与审计",
        (
            Panel("Since the last sweep 距上次清扫", one("time() - max(tieout_sweep_last_success_timestamp_seconds{})", "sweep"), "s", alarm=600),
            Panel("Since the last audit 距上次审计", one("time() - max(tieout_audit_last_success_timestamp_seconds{})", "audit"), "s", alarm=3600),
            Panel("Sweeps 清扫次数", one("sum by (result) (increase(tieout_sweeps_total{}[10m]))", "{{result}}")),
            Panel("What sweeps found 清扫发现", (
                ("sum(increase(tieout_sweep_found_total{}[10m]))", "without notification"),
                ("sum(increase(tieout_sweep_restarted_total{}[10m]))", "started again"),
                ("sum(increase(tieout_sweep_gone_total{}[10m]))", "gone"),
            )),
            Panel("Sweep 清扫耗时与对象", (("max(tieout_sweep_seconds{})", "seconds"), ("max(tieout_sweep_objects{})", "objects"))),
            Panel("Notifications 通知", one("sum by (result) (increase(tieout_notifications_total{}[10m]))", "{{result}}"), stacked=True),
        ),
    ),
    (
        "Processes 进程",
        (
            Panel("Up, alive 存活", (("up{}", "{{service}} {{instance}} up"), ("tieout_alive{}", "{{service}} {{instance}} alive"))),
            Panel("Ready 依赖可用", one("min by (service, dependency) (tieout_ready{})", "{{service}}: {{dependency}}")),
            Panel("Leader 主 store", one("sum(tieout_store_leads{})", "stores that lead"), tells="must be 1"),
            Panel("Memory 内存", one("process_resident_memory_bytes{}", "{{service}} {{instance}}"), "bytes", "without child processes"),
            Panel("CPU", one("rate(process_cpu_seconds_total{}[$__rate_interval])", "{{service}} {{instance}}"), "percentunit", "without child processes"),
            Panel("Starts 启动次数", one("changes(process_start_time_seconds{}[1h])", "{{service}} {{instance}}")),
            Panel("Event loop blocked 事件循环停顿", one("sum by (service) (increase(tieout_loop_blocked_total{}[10m]))", "{{service}}")),
            Panel("Releases 版本", one("count by (service, release) (tieout_build_info{})", "{{service}} {{release}}")),
        ),
    ),
)  # fmt: skip


def expression(text: str) -> str:
    """A query with the job's label in every selector."""
    return text.replace("{}", f"{{{JOB}}}").replace('{outcome="', f'{{{JOB}, outcome="')


def _panel(panel: Panel, number: int, x: int, y: int) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    if panel.alarm is not None:
        steps.append({"color": "red", "value": panel.alarm})
    custom = {"stacking": {"mode": "normal"}, "fillOpacity": 20} if panel.stacked else {"fillOpacity": 5}
    return {
        "id": number,
        "type": "stat" if panel.stat else "timeseries",
        "title": panel.title,
        "description": panel.tells,
        "datasource": SOURCE,
        "gridPos": {"x": x, "y": y, "w": panel.width, "h": panel.height},
        "targets": [
            {"refId": chr(ord("A") + index), "datasource": SOURCE, "expr": expression(query), "legendFormat": legend}
            for index, (query, legend) in enumerate(panel.queries)
        ],
        "fieldConfig": {
            "defaults": {
                "unit": panel.unit,
                "min": 0,
                "thresholds": {"mode": "absolute", "steps": steps},
                **({} if panel.stat else {"custom": custom}),
            },
            "overrides": [],
        },
        "options": {"reduceOptions": {"calcs": ["lastNotNull"]}}
        if panel.stat
        else {"legend": {"displayMode": "list", "placement": "bottom"}},
    }


def dashboard() -> dict[str, Any]:
    """The dashboard, panels laid out from left to right."""
    panels: list[dict[str, Any]] = []
    y = 0
    for title, row in ROWS:
        panels.append({"id": len(panels) + 1, "type": "row", "title": title, "collapsed": False, "gridPos": {"x": 0, "y": y, "w": WIDTH, "h": 1}, "panels": []})  # fmt: skip
        x, y, height = 0, y + 1, 0
        for panel in row:
            if x + panel.width > WIDTH:
                x, y, height = 0, y + height, 0
            panels.append(_panel(panel, len(panels) + 1, x, y))
            x, height = x + panel.width, max(height, panel.height)
        y += height
    variable = {"name": "source", "label": "Prometheus", "type": "datasource", "query": "prometheus"}
    return {
        "uid": "tieout",
        "title": "tieout",
        "schemaVersion": 39,
        "tags": ["tieout"],
        "timezone": "browser",
        "editable": True,
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "templating": {"list": [variable]},
        "panels": panels,
    }


def main() -> int:
    """Writes or checks the file; returns the exit code."""
    text = json.dumps(dashboard(), ensure_ascii=False, indent=1) + "\n"
    if "--check" in sys.argv:
        if not FILE.exists() or FILE.read_text(encoding="utf-8") != text:
            print("deploy/grafana/dashboard.json is stale: run tools/dashboard.py", file=sys.stderr)
            return 1
        return 0
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
