"""The canonical words that stages share: kinds of forms, measures, funds, scopes, finding codes, warning codes.

A form that a province adds is a new entry here and in the normaliser's catalogue of forms, not a new branch in code.
"""

from __future__ import annotations

from enum import StrEnum


class FormKind(StrEnum):
    """Kinds of forms. Chinese names beside them are the usual titles."""

    INCOME_EXPENDITURE_SUMMARY = "income_expenditure_summary"  # 收支总表
    INCOME_SUMMARY = "income_summary"  # 收入总表 (by unit or by function × source)
    EXPENDITURE_SUMMARY = "expenditure_summary"  # 支出总表 (function × basic/project)
    FISCAL_SUMMARY = "fiscal_summary"  # 财政拨款收支总表
    GENERAL_BUDGET_EXPENDITURE = "general_budget_expenditure"  # 一般公共预算支出表 (function × basic/project)
    EXPENDITURE_BY_ECONOMIC = "expenditure_by_economic"  # 支出明细表（按经济分类）: rows are economic codes, basic and project
    BASIC_BY_FUNCTION = "basic_by_function"  # 基本支出明细表（按功能科目）
    BASIC_BY_ECONOMIC = "basic_by_economic"  # 一般公共预算基本支出表 (rows are economic codes; also in side-by-side lists)
    EXPENDITURE_BY_GOV_ECONOMIC = "expenditure_by_gov_economic"  # 支出预算分类汇总表（按政府预算经济分类）: wide
    EXPENDITURE_BY_DEPARTMENT_ECONOMIC = "expenditure_by_department_economic"  # the same by department economic class: wide
    BREAKDOWN_WAGES = "breakdown_wages"  # 人员经费（工资福利支出）按部门预算经济分类: wide
    BREAKDOWN_WAGES_GOV = "breakdown_wages_gov"
    BREAKDOWN_SUBSIDIES = "breakdown_subsidies"  # 人员经费（对个人和家庭的补助）
    BREAKDOWN_SUBSIDIES_GOV = "breakdown_subsidies_gov"
    BREAKDOWN_GOODS = "breakdown_goods"  # 公用经费（商品和服务支出）
    BREAKDOWN_GOODS_GOV = "breakdown_goods_gov"
    THREE_PUBLIC = "three_public"  # “三公”经费
    OPERATING_COSTS = "operating_costs"  # 机关运行经费
    GOVERNMENT_FUND_INCOME = "government_fund_income"
    GOVERNMENT_FUND_EXPENDITURE = "government_fund_expenditure"  # 政府性基金预算支出表
    GOVERNMENT_FUND_SUMMARY = "government_fund_summary"  # 政府性基金收支表
    GOVERNMENT_FUND_BALANCE = "government_fund_balance"  # 年初结转 + 收入 − 支出 = 年末结转
    GOVERNMENT_FUND_BY_GOV_ECONOMIC = "government_fund_by_gov_economic"
    GOVERNMENT_FUND_BY_ECONOMIC = "government_fund_by_economic"
    STATE_CAPITAL_EXPENDITURE = "state_capital_expenditure"  # 国有资本经营预算支出表
    STATE_CAPITAL_SUMMARY = "state_capital_summary"
    STATE_CAPITAL_BALANCE = "state_capital_balance"
    FISCAL_ACCOUNT_EXPENDITURE = "fiscal_account_expenditure"  # 财政专户管理资金预算支出表
    PROJECTS = "projects"  # 项目支出表
    SPECIAL_FUNDS = "special_funds"  # 专项资金预算汇总表
    PROJECT_PERFORMANCE = "project_performance"  # 项目支出绩效目标表
    UNIT_PERFORMANCE = "unit_performance"  # 整体支出绩效目标表
    PROCUREMENT = "procurement"  # 政府采购预算表
    PURCHASED_SERVICES = "purchased_services"  # 政府购买服务支出预算表
    MEETINGS_TRAINING = "meetings_training"  # 会议费培训费明细
    CONTENTS = "contents"  # 目录
    UNIT_LIST = "unit_list"  # 单位构成


class Measure(StrEnum):
    """What a column of figures measures."""

    TOTAL = "total"  # 合计, 总计, 本年支出合计 of a column group at the top
    SUBTOTAL = "subtotal"  # 小计 of a header group that has no measure of its own
    AMOUNT = "amount"  # 预算数, 决算数, 金额: the only column of a list
    BASIC = "basic_expenditure"
    PROJECT = "project_expenditure"
    PERSONNEL = "personnel"  # 人员经费
    PUBLIC = "public"  # 公用经费
    OPERATING = "operating_expenditure"  # 经营支出
    TO_SUPERIOR = "to_superior"  # 上缴上级支出
    TO_SUBORDINATE = "to_subordinate"  # 对附属单位补助支出
    INCOME_SOURCE = "income_source"  # a source of income; `line` says which
    FUND_SOURCE = "fund_source"  # a kind of fund; `fund` says which
    OPENING_BALANCE = "opening_balance"
    INCOME = "income"
    EXPENDITURE = "expenditure"
    CLOSING_BALANCE = "closing_balance"
    CURRENT_YEAR = "current_year"  # 当年预算安排
    CARRIED_FORWARD = "carried_forward"  # 上年结转安排
    BUDGET = "budget"  # 预算数 beside 决算数
    FINAL = "final"  # 决算数 beside 预算数
    PREVIOUS_YEAR = "previous_year"  # 上年数
    CLASS = "class"  # a column of an economic or function class; the codes say which
    PERFORMANCE_FUNDS = "performance_funds"
    OTHER = "other"


class Fund(StrEnum):
    """Kinds of funds."""

    GENERAL = "general_public_budget"
    GOVERNMENT_FUND = "government_fund"
    STATE_CAPITAL = "state_capital"
    SOCIAL_INSURANCE = "social_insurance"
    FISCAL_ACCOUNT = "fiscal_account"  # 财政专户管理资金
    UNIT = "unit_funds"  # 单位资金
    FISCAL = "fiscal_appropriation"  # 财政拨款: the three together
    OTHER = "other_funds"


class Scope(StrEnum):
    """Which money a form speaks of; all ≥ fiscal ≥ general ≥ general_basic, line by line."""

    ALL = "all"
    FISCAL = "fiscal"
    GENERAL = "general"
    GENERAL_BASIC = "general_basic"
    GOVERNMENT_FUND = "government_fund"
    STATE_CAPITAL = "state_capital"
    FISCAL_ACCOUNT = "fiscal_account"


class FindingCode(StrEnum):
    """Codes of findings; documented in docs/contracts/findings.md."""

    SUM_MISMATCH = "sum.mismatch"  # a total is not the sum of its parts
    FACT_CONFLICT = "fact.conflict"  # the same figure differs between places
    BALANCE_MISMATCH = "balance.mismatch"  # two sides that must agree do not
    SUM_SUSPICIOUS = "sum.suspicious"  # possible by rounding, but unlikely
    ROUNDING = "sum.rounding"
    CLAIM_CONTRADICTION = "claim.contradiction"  # the narrative disagrees with the tables
    UNIT_MISSING = "unit.missing"
    FORM_MISSING = "form.missing"
    FORM_UNREAD = "form.unread"


class WarningCode(StrEnum):
    """Codes of the extractor's warnings."""

    UNPLACED_GLYPHS = "unplaced_glyphs"
    READERS_DIFFER = "readers_differ"
    PAGE_WITHOUT_TEXT = "page_without_text"
    BORDERLESS_TABLE = "borderless_table"
    GLYPHS_WITHOUT_UNICODE = "glyphs_without_unicode"
    ENGINE_UNAVAILABLE = "engine_unavailable"
