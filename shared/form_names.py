"""The names of the kinds of forms, for people: the usual title of each in Chinese, a plain description in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from shared.contracts.vocabulary import FormKind

# Kinds that differ in a classification only say it in brackets, so that no two kinds share a name.
FORM_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    FormKind.INCOME_EXPENDITURE_SUMMARY: ("收支总表", "income and expenditure"),
    FormKind.INCOME_SUMMARY: ("收入总表", "income"),
    FormKind.EXPENDITURE_SUMMARY: ("支出总表", "expenditure"),
    FormKind.FISCAL_SUMMARY: ("财政拨款收支总表", "fiscal appropriations, income and expenditure"),
    FormKind.GENERAL_BUDGET_EXPENDITURE: ("一般公共预算支出表", "general public budget, expenditure"),
    FormKind.EXPENDITURE_BY_ECONOMIC: ("支出明细表（按经济分类）", "expenditure by economic class"),
    FormKind.FISCAL_EXPENDITURE: ("财政拨款支出表", "fiscal appropriations, expenditure"),
    FormKind.BASIC_BY_FUNCTION: ("基本支出明细表（按功能科目）", "basic expenditure by function"),
    FormKind.BASIC_BY_ECONOMIC: ("一般公共预算基本支出表（按经济分类）", "basic expenditure by economic class"),
    FormKind.EXPENDITURE_BY_GOV_ECONOMIC: ("支出分类汇总表（按政府预算经济分类）", "expenditure by government economic class"),
    FormKind.EXPENDITURE_BY_DEPARTMENT_ECONOMIC: ("支出分类汇总表（按部门预算经济分类）", "expenditure by department economic class"),
    FormKind.BREAKDOWN_WAGES: ("工资福利支出明细表（按部门预算经济分类）", "wages and welfare by department economic class"),
    FormKind.BREAKDOWN_WAGES_GOV: ("工资福利支出明细表（按政府预算经济分类）", "wages and welfare by government economic class"),
    FormKind.BREAKDOWN_SUBSIDIES: ("对个人和家庭的补助明细表（按部门预算经济分类）", "subsidies to persons by department economic class"),
    FormKind.BREAKDOWN_SUBSIDIES_GOV: ("对个人和家庭的补助明细表（按政府预算经济分类）", "subsidies to persons by government economic class"),
    FormKind.BREAKDOWN_GOODS: ("商品和服务支出明细表（按部门预算经济分类）", "goods and services by department economic class"),
    FormKind.BREAKDOWN_GOODS_GOV: ("商品和服务支出明细表（按政府预算经济分类）", "goods and services by government economic class"),
    FormKind.THREE_PUBLIC: ("“三公”经费支出表", "three public expenses"),
    FormKind.OPERATING_COSTS: ("机关运行经费表", "operating costs"),
    FormKind.GOVERNMENT_FUND_INCOME: ("政府性基金收入表", "government funds, income"),
    FormKind.GOVERNMENT_FUND_EXPENDITURE: ("政府性基金支出表", "government funds, expenditure"),
    FormKind.GOVERNMENT_FUND_SUMMARY: ("政府性基金收支表", "government funds, income and expenditure"),
    FormKind.GOVERNMENT_FUND_BALANCE: ("政府性基金收入支出及结转表", "government funds with balances"),
    FormKind.GOVERNMENT_FUND_BY_GOV_ECONOMIC: ("政府性基金支出表（按政府预算经济分类）", "government funds by government economic class"),
    FormKind.GOVERNMENT_FUND_BY_ECONOMIC: ("政府性基金支出表（按部门预算经济分类）", "government funds by department economic class"),
    FormKind.GENERAL_BUDGET_BALANCE: ("一般公共预算收入支出及结转表", "general public budget with balances"),
    FormKind.STATE_CAPITAL_EXPENDITURE: ("国有资本经营预算支出表", "state capital budget, expenditure"),
    FormKind.STATE_CAPITAL_SUMMARY: ("国有资本经营预算收支表", "state capital budget, income and expenditure"),
    FormKind.STATE_CAPITAL_BALANCE: ("国有资本经营预算收入支出及结转表", "state capital budget with balances"),
    FormKind.FISCAL_ACCOUNT_EXPENDITURE: ("财政专户管理资金支出表", "fiscal special account, expenditure"),
    FormKind.PROJECTS: ("项目支出表", "projects"),
    FormKind.SPECIAL_FUNDS: ("专项资金预算汇总表", "special funds"),
    FormKind.PROJECT_PERFORMANCE: ("项目支出绩效目标表", "performance targets of projects"),
    FormKind.UNIT_PERFORMANCE: ("整体支出绩效目标表", "performance targets of the unit"),
    FormKind.PROCUREMENT: ("政府采购表", "government procurement"),
    FormKind.PURCHASED_SERVICES: ("政府购买服务支出表", "purchased services"),
    FormKind.MEETINGS_TRAINING: ("会议费培训费表", "meetings and training"),
    FormKind.TRANSFERS: ("对下转移支付表", "transfers to lower levels"),
    FormKind.ASSETS: ("新增资产配置表", "new assets"),
    FormKind.CONTENTS: ("目录", "contents"),
    FormKind.UNIT_LIST: ("单位构成表", "units"),
}  # fmt: skip


def form_name(kind: str, language: Literal["zh", "en"]) -> str:
    """The name of a kind of form in one language; a kind that is not known (of a later release) stays as its code."""
    names = FORM_NAMES.get(kind)
    if names is None:
        return kind
    zh, en = names
    return zh if language == "zh" else en
