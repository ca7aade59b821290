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
    FISCAL_EXPENDITURE = "fiscal_expenditure"  # 财政拨款支出表: all fiscal funds by function
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
    GENERAL_BUDGET_BALANCE = "general_budget_balance"  # 一般公共预算财政拨款收入支出决算表 with 年初 and 年末
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
    TRANSFERS = "transfers"  # 对下转移支付预算表
    ASSETS = "assets"  # 新增资产配置表
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
    ADJUSTED_BUDGET = "adjusted_budget"  # 调整预算数, 全年预算数 beside 年初预算数
    FINAL = "final"  # 决算数 beside 预算数
    PREVIOUS_YEAR = "previous_year"  # 上年数
    CLASS = "class"  # a column of an economic or function class; the codes say which
    PERFORMANCE_FUNDS = "performance_funds"  # money of a performance form, whole period or unspecified
    ANNUAL_FUNDS = "annual_funds"  # money of a performance form, of the year
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
    FISCAL_BASIC = "fiscal_basic"  # basic expenditure of all fiscal funds
    GENERAL = "general"
    GENERAL_BASIC = "general_basic"
    GOVERNMENT_FUND = "government_fund"
    STATE_CAPITAL = "state_capital"
    FISCAL_ACCOUNT = "fiscal_account"


class Line(StrEnum):
    """Lines of forms that are no code of a classification: totals, carry-over, income lines, 三公, money of performance forms.

    A part is written after the line it belongs to (`income.nontax.fines`). The printed names are in the normaliser's catalogue of lines.
    """

    INCOME_TOTAL = "income_total"  # 收入总计
    EXPENDITURE_TOTAL = "expenditure_total"  # 支出总计
    YEAR_INCOME_TOTAL = "year_income_total"  # 本年收入合计
    YEAR_EXPENDITURE_TOTAL = "year_expenditure_total"  # 本年支出合计
    PERSONNEL_TOTAL = "personnel_total"  # 人员经费合计
    PUBLIC_TOTAL = "public_total"  # 公用经费合计
    TOTAL = "total"  # 合计
    SUBTOTAL = "subtotal"  # 小计
    CARRY_OVER_OPENING = "carry_over_opening"  # 上年结转
    CARRY_OVER_OPENING_FISCAL = "carry_over_opening.fiscal"  # 上年财政拨款结转
    CARRY_OVER_OPENING_OF_WHICH_FISCAL = "carry_over_opening.of_which_fiscal"  # 其中：财政拨款资金结转
    CARRY_OVER_OPENING_NONFISCAL = "carry_over_opening.nonfiscal"  # 非财政拨款资金结余
    CARRY_OVER_OPENING_USED = "carry_over_opening.used"  # 其中：动用上年结转和结余资金
    CARRY_OVER_OPENING_GENERAL = "carry_over_opening.general"  # 上年结转：一般公共预算
    CARRY_OVER_OPENING_GOVERNMENT_FUND = "carry_over_opening.government_fund"  # 上年结转：政府性基金预算
    CARRY_OVER_OPENING_STATE_CAPITAL = "carry_over_opening.state_capital"  # 上年结转：国有资本经营预算
    CARRY_OVER_OPENING_SOCIAL_INSURANCE = "carry_over_opening.social_insurance"  # 上年结转：社会保险基金预算
    CARRY_OVER_OPENING_FISCAL_ACCOUNT = "carry_over_opening.fiscal_account"  # 上年结转：财政专户管理资金
    CARRY_OVER_OPENING_UNIT_FUNDS = "carry_over_opening.unit_funds"  # 上年结转：单位资金
    USE_OF_NONFISCAL_BALANCE = "use_of_nonfiscal_balance"  # 使用非财政拨款结余
    UNSPENT_BANK_BALANCE = "unspent_bank_balance"  # 上年实户资金余额
    CARRY_OVER_CLOSING = "carry_over_closing"  # 年终结转
    DISTRIBUTION_OF_BALANCE = "distribution_of_balance"  # 结余分配
    UNALLOCATED_BANK_BALANCE = "unallocated_bank_balance"  # 未安排支出的实户资金
    INCOME_FISCAL_APPROPRIATION = "income.fiscal_appropriation"  # 财政拨款收入
    INCOME_GENERAL_BUDGET = "income.general_budget"  # 一般公共预算拨款收入
    INCOME_OPERATING_APPROPRIATION = "income.operating_appropriation"  # 经费拨款
    INCOME_NONTAX = "income.nontax"  # 纳入一般公共预算管理的非税收入拨款
    INCOME_NONTAX_CHARGES = "income.nontax.charges"  # 行政事业性收费收入
    INCOME_NONTAX_SPECIAL = "income.nontax.special"  # 专项收入
    INCOME_NONTAX_STATE_CAPITAL = "income.nontax.state_capital"  # 国有资本经营收入（非税）
    INCOME_NONTAX_RESOURCES = "income.nontax.resources"  # 国有资源（资产）有偿使用收入
    INCOME_NONTAX_FINES = "income.nontax.fines"  # 罚没收入
    INCOME_NONTAX_DONATIONS = "income.nontax.donations"  # 捐赠收入
    INCOME_NONTAX_HOUSING = "income.nontax.housing"  # 政府住房基金收入
    INCOME_NONTAX_OTHER = "income.nontax.other"  # 其他纳入一般公共预算管理的非税收入
    INCOME_SPECIAL_FUNDS = "income.special_funds"  # 专项资金列入部门预算
    INCOME_BONDS = "income.bonds"  # 一般债券
    INCOME_FOREIGN_LOANS = "income.foreign_loans"  # 外国政府和国际组织贷款
    INCOME_FOREIGN_DONATIONS = "income.foreign_donations"  # 外国政府和国际组织捐赠
    INCOME_GOVERNMENT_FUND = "income.government_fund"  # 政府性基金预算拨款收入
    INCOME_STATE_CAPITAL = "income.state_capital"  # 国有资本经营预算拨款收入
    INCOME_SOCIAL_INSURANCE = "income.social_insurance"  # 社会保险基金预算资金
    INCOME_FISCAL_ACCOUNT = "income.fiscal_account"  # 财政专户管理资金收入
    INCOME_UNIT_FUNDS = "income.unit_funds"  # 单位资金
    INCOME_SUPERIOR_FISCAL_SUBSIDY = "income.superior_fiscal_subsidy"  # 上级财政补助收入
    INCOME_SUPERIOR_FISCAL_SUBSIDY_GENERAL = "income.superior_fiscal_subsidy.general"  # 一般公共预算补助
    INCOME_SUPERIOR_FISCAL_SUBSIDY_GOVERNMENT_FUND = "income.superior_fiscal_subsidy.government_fund"  # 政府性基金补助
    INCOME_SUPERIOR_FISCAL_SUBSIDY_STATE_CAPITAL = "income.superior_fiscal_subsidy.state_capital"  # 国有资本经营预算补助
    INCOME_SUPERIOR_FISCAL_SUBSIDY_SOCIAL_INSURANCE = "income.superior_fiscal_subsidy.social_insurance"  # 社会保险基金预算补助
    INCOME_SUPERIOR_SUBSIDY = "income.superior_subsidy"  # 上级补助收入
    INCOME_SERVICE = "income.service"  # 事业收入
    INCOME_SERVICE_FISCAL_ACCOUNT = "income.service.fiscal_account"  # 其中：教育收费
    INCOME_BUSINESS = "income.business"  # 事业单位经营收入
    INCOME_SUBSIDIARY = "income.subsidiary"  # 附属单位上缴收入
    INCOME_DEBT = "income.debt"  # 债务资金（银行贷款）
    INCOME_OTHER = "income.other"  # 其他收入
    BASIC_EXPENDITURE = "basic_expenditure"  # 基本支出
    PROJECT_EXPENDITURE = "project_expenditure"  # 项目支出
    PERSONNEL = "personnel"  # 人员经费
    PUBLIC = "public"  # 公用经费
    BUSINESS_EXPENDITURE = "business_expenditure"  # 事业单位经营支出
    TO_SUPERIOR = "to_superior"  # 上缴上级支出
    TO_SUBORDINATE = "to_subordinate"  # 对附属单位补助支出
    RESERVE = "reserve"  # 单位预留机动经费
    EXPENDITURE_FISCAL = "expenditure.fiscal"  # 财政拨款（支出）
    EXPENDITURE_GOVERNMENT_FUND = "expenditure.government_fund"  # 政府性基金拨款（支出）
    EXPENDITURE_GENERAL = "expenditure.general"  # 一般公共预算拨款（支出）
    THREE_PUBLIC_TOTAL = "three_public.total"  # “三公”经费合计
    THREE_PUBLIC_ABROAD = "three_public.abroad"  # 因公出国（境）费
    THREE_PUBLIC_VEHICLES = "three_public.vehicles"  # 公务用车购置及运行费
    THREE_PUBLIC_VEHICLE_PURCHASE = "three_public.vehicle_purchase"  # 公务用车购置费
    THREE_PUBLIC_VEHICLE_RUNNING = "three_public.vehicle_running"  # 公务用车运行维护费
    THREE_PUBLIC_RECEPTION = "three_public.reception"  # 公务接待费
    MEETINGS = "meetings"  # 会议费
    TRAINING = "training"  # 培训费
    OPERATING_COSTS = "operating_costs"  # 机关运行经费
    PROCUREMENT = "procurement"  # 政府采购
    PERFORMANCE_TOTAL = "performance.total"  # 资金总额
    PERFORMANCE_FISCAL = "performance.fiscal"  # 其中：财政拨款
    PERFORMANCE_CENTRAL = "performance.central"  # 其中：中央财政资金
    PERFORMANCE_PROVINCIAL = "performance.provincial"  # 省级财政资金
    PERFORMANCE_LOCAL = "performance.local"  # 市县(区)财政资金
    PERFORMANCE_OWN = "performance.own"  # 单位自筹
    PERFORMANCE_OTHER = "performance.other"  # 其他资金
    PERFORMANCE_BASIC = "performance.basic"  # 基本支出
    PERFORMANCE_PERSONNEL = "performance.personnel"  # 人员经费
    PERFORMANCE_PUBLIC = "performance.public"  # 公用经费
    PERFORMANCE_PROJECT = "performance.project"  # 项目支出
    PERFORMANCE_GENERAL = "performance.general"  # 一般公共预算
    PERFORMANCE_GOVERNMENT_FUND = "performance.government_fund"  # 政府性基金
    PERFORMANCE_STATE_CAPITAL = "performance.state_capital"  # 国有资本经营预算
    PERFORMANCE_FISCAL_ACCOUNT = "performance.fiscal_account"  # 财政专户管理资金
    UNIT = "unit"  # a row of a department or unit (its own total)


class FindingCode(StrEnum):
    """Codes of findings; docs/contracts/words.md has their meaning from the comments here."""

    SUM_MISMATCH = "sum.mismatch"  # a total is not the sum of its parts
    FACT_CONFLICT = "fact.conflict"  # the same figure differs between places
    BALANCE_MISMATCH = "balance.mismatch"  # two sides that must agree do not
    SUM_SUSPICIOUS = "sum.suspicious"  # possible by rounding, but unlikely
    ROUNDING = "sum.rounding"  # a difference that rounding explains
    CLAIM_CONTRADICTION = "claim.contradiction"  # the narrative disagrees with the tables
    CODE_NAME_MISMATCH = "code.name_mismatch"  # a row prints a code beside the name of another code
    CLAIM_SUM = "claim.sum"  # the parts that the narrative lists in full do not add up to their whole
    CLAIM_SHARE = "claim.share"  # a share or rate of completion in the narrative is not what its amounts give
    CLAIM_CHANGE = "claim.change"  # a change in the narrative does not go with its amounts or with last year's figure
    CLAIM_DIRECTION = "claim.direction"  # the word of a change (增加, 减少) says the opposite of its figures
    PREVIOUS_YEAR_MISMATCH = "previous_year.mismatch"  # what is printed as last year's figure is not what last year's filing prints
    BUDGET_MISMATCH = "budget.mismatch"  # what final accounts give as the budget is not what the budget of the year prints
    UNIT_MISMATCH = "unit.mismatch"  # a department's form gives another figure of a unit than the unit published itself
    UNIT_MISSING = "unit.missing"  # a form says no unit of money: its figures are compared inside it only
    FORM_MISSING = "form.missing"  # a form that this kind of document requires is not there
    FORM_UNREAD = "form.unread"  # a table of no known kind, or a form that is there and was not read: nothing in it could be checked
    FORM_NOT_FOUND = "form.not_found"  # the list of contents names a form that is not there
    FORM_UNLISTED = "form.unlisted"  # a form that the list of contents does not name
    FORM_EMPTY = "form.empty"  # an empty form, and nothing says why it is empty
    FORM_CUT = "form.cut"  # a form ends too early: rows, or its totals, are missing at its end, perhaps with a page
    FORM_APART = "form.apart"  # a table that may go on with another one: sums over both were not checked
    PLAUSIBILITY_UNIT = "plausibility.unit"  # a whole form or document is off by a power of ten: its unit may be another one
    PLAUSIBILITY_PART = "plausibility.part"  # a figure is less than what another form prints as a part of it
    PLAUSIBILITY_MAGNITUDE = "plausibility.magnitude"  # a figure that no sum holds is off by a power of ten
    DIAGNOSIS_INCOMPLETE = (
        "diagnosis.incomplete"  # so much fails that not every explanation was tried: some findings may have a plainer cause
    )
    STRUCTURE_UNCLEAR = "structure.unclear"  # sums do not tie, but the layout of the form is not certain: a question, no accusation


class WarningCode(StrEnum):
    """Codes of the extractor's warnings."""

    UNPLACED_GLYPHS = "unplaced_glyphs"  # characters of a page are in no cell, label or text
    READERS_DIFFER = "readers_differ"  # two readers read a cell differently
    PAGE_WITHOUT_TEXT = "page_without_text"  # a scanned page among others: it is not read
    UNRELIABLE_TEXT = "unreliable_text"  # a page's fonts say no or wrong characters, and its image was not read
    PICTURE_UNREAD = "picture_unread"  # a large picture stands in a page of text, and what it shows was not read
    BORDERLESS_TABLE = "borderless_table"  # figures stand in columns without rules and no engine found their grid: they are text
    UNCERTAIN_SEAM = "uncertain_seam"  # whether a page's first table goes on with the one of the page before cannot be told: kept apart
    GLYPHS_WITHOUT_UNICODE = "glyphs_without_unicode"  # the font does not say which characters it draws
    INVISIBLE_TEXT = "invisible_text"  # text that nobody sees: white on white, covered by a later area, on a layer that is off; left out
    WATERMARK = "watermark"  # text that stands neither level nor upright, or is too large for its cell: in no cell and no line
    RED_FIGURES = "red_figures"  # figures in red without a sign: red may mean negative; they are read as printed
    ENGINE_UNAVAILABLE = "engine_unavailable"  # a further engine for tables is not installed
