"""What becomes of an article where it is posted again, and articles of one form. Every text is invented."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Final

Change = Callable[[str, str], str | None]
"""An article and its title to another version of it; None where it does not apply."""

NOTE: Final = (
    "编者按：近期各地围绕重点工作推出了一批务实举措，形成了不少可复制、可推广的经验。本栏目选取其中有代表性的材料刊发，"
    "供各单位学习借鉴，欢迎读者来稿交流。"
)
NAVIGATION: Final = "首页\n新闻中心\n政务公开\n办事服务\n互动交流\n您现在的位置：首页 > 新闻中心 > 基层动态\n"
FOOTER: Final = (
    "\n【打印本页】【关闭窗口】\n责任编辑：周某\n主办：澜江市融媒体中心 澜ICP备12345678号\n版权所有 未经授权不得转载\n"
)
MORE: Final = (
    "\n延伸阅读：相关部门负责人表示，下一步还将持续跟踪政策落实情况，及时回应群众关切，推动各项工作再上新台阶。\n"
)


def other_title(text: str, title: str) -> str | None:
    """The title that an editor gives it."""
    return text.replace(title, "打好组合拳 激活新动能", 1) if title in text else None


def with_note(text: str, title: str) -> str:
    """An editor's note under the title."""
    return _after_first_line(text, NOTE)


def with_byline(text: str, title: str) -> str:
    """Another source, reporter and day."""
    return _after_first_line(text, "来源：澜江日报　　记者 秦某某　　发布时间：2026-06-12 09:30　　点击：1234")


def on_a_site(text: str, title: str) -> str:
    """Another site's banner and footer."""
    return NAVIGATION + text + FOOTER


def without_last(text: str, title: str) -> str | None:
    """Its last paragraph cut off, with the signature below it."""
    lines = text.rstrip().split("\n")
    dropped = 0
    while len(lines) > 3 and dropped < 40:
        dropped += len(lines.pop().strip())
    left = "\n".join(lines)
    return left if 4 * len(left) > 3 * len(text) else None


def wrapped(text: str, title: str) -> str:
    """Lines broken at 38 characters."""
    return "\n".join(line[at : at + 38] for line in text.split("\n") for at in range(0, max(1, len(line)), 38))


def with_more(text: str, title: str) -> str:
    """A paragraph of the site's own below it."""
    return text.rstrip() + MORE


def all_of_it(text: str, title: str) -> str | None:
    """Title, byline and site at once."""
    named = other_title(text, title)
    return None if named is None else on_a_site(with_byline(named, title), title)


REPOSTS: Final[tuple[Change, ...]] = (
    other_title,
    with_note,
    with_byline,
    on_a_site,
    without_last,
    wrapped,
    with_more,
    all_of_it,
)


def of_another_place(text: str, title: str) -> str | None:
    """Its county has another name; the figures are the same."""
    found = re.search(r"([\u4e00-\u9fff]{2})(?:县|市|区|旗)", title)
    return None if found is None else text.replace(found[1], "石岭")


def of_another_year(text: str, title: str) -> str | None:
    """Every year is the next, and a third of the other figures are others."""
    draw = random.Random(len(text))
    later = re.sub(r"20(\d\d)年", lambda year: f"20{int(year[1]) + 1:02d}年", text)
    if later == text:
        return None
    return re.sub(r"(?<!20)\d+(?!年)", lambda number: _other(number[0]) if draw.random() < 1 / 3 else number[0], later)


def with_one_other_figure(text: str, title: str) -> str | None:
    """One figure in the middle is another."""
    figures = [each for each in re.finditer(r"\d+", text) if 80 < each.start() < len(text) - 60]
    if not figures:
        return None
    chosen = figures[len(figures) // 2]
    return text[: chosen.start()] + _other(chosen[0]) + text[chosen.end() :]


def with_other_dates(text: str, title: str) -> str | None:
    """Only its years are others."""
    later = re.sub(r"20(\d\d)(?=[年-])", lambda year: f"20{int(year[1]) + 1:02d}", text)
    return None if later == text else later


FORMS: Final[tuple[Change, ...]] = (of_another_place, of_another_year, with_one_other_figure, with_other_dates)


def _other(number: str) -> str:
    return str(int(number) + 1)


def _after_first_line(text: str, line: str) -> str:
    first, _, rest = text.lstrip("\n").partition("\n")
    return f"{first}\n{line}\n{rest}"


GUIDE: Final = """{name}办事指南

事项名称：{name}
实施机关：{office}
受理条件：{condition}
申请材料：居民身份证原件及复印件，居民户口簿原件及复印件，近期免冠照片两张，申请表一式两份。
办理流程：申请人到户籍所在地的乡镇便民服务中心提出申请，工作人员当场核对材料，材料齐全的予以受理，材料不全的一次性告知需要补正的内容。受理后报县级主管部门审核，审核结果在便民服务中心公示栏公布，并以短信方式告知申请人。
办理时限：自受理之日起二十个工作日内办结。
咨询方式：可到各乡镇便民服务中心窗口咨询，也可拨打政务服务便民热线。
"""
VACANCIES: Final = """澄江县人民医院公开招聘工作人员公告

为满足医疗工作需要，澄江县人民医院决定面向社会公开招聘工作人员，现将有关事项公告如下。
一、招聘条件：遵守宪法和法律，具有良好的品行，具备岗位所需的专业条件和身体条件，年龄不超过三十五周岁。
二、报名方式：采取现场报名的方式，报名人员须持身份证、毕业证、学位证和相关资格证书的原件到医院人事科报名，逾期不再受理。
三、考试办法：考试分为笔试和面试，笔试主要测试专业基础知识，面试主要测试岗位适应能力，考试成绩按照笔试和面试各占一半的比例合成。
四、体检和聘用：按照招聘计划等额确定体检人选，体检合格并公示无异议的办理聘用手续，签订聘用合同，实行试用期制度。
五、招聘岗位：{posts}
"""
APPOINTED: Final = """澄江县人民政府关于{name}同志任职的通知

各乡镇人民政府，县政府各部门、各直属机构：
经县委研究推荐，县人民政府常务会议研究决定，任命{name}同志为县{office}局长，试用期一年，试用期从任职之日起计算。
请按照有关规定办理任职手续，做好工作交接，抓紧熟悉情况，尽快进入角色，切实履行好岗位职责。
"""


def _guide(name: str, office: str, condition: str) -> str:
    return GUIDE.format(name=name, office=office, condition=condition)


PAIRS_OF_ONE_FORM: Final = {
    "two services": (
        _guide("残疾人证办理", "澄江县残疾人联合会", "具有本县户籍，视力、听力、言语、肢体、智力、精神有残疾的公民。"),
        _guide("老年人优待证办理", "澄江县卫生健康局", "具有本县户籍，年满六十周岁的老年人。"),
    ),
    "two services of one condition": (
        _guide("残疾人证办理", "澄江县残疾人联合会", "具有本县户籍。"),
        _guide("老年人优待证办理", "澄江县卫生健康局", "具有本县户籍。"),
    ),
    "two lists of vacancies": (
        VACANCIES.format(posts="临床医师五名，护士八名，药剂师两名，均要求本科以上学历。"),
        VACANCIES.format(posts="财务人员一名，信息技术人员两名，后勤保障人员三名，学历不限。"),
    ),
    "two people": (
        APPOINTED.format(name="赵明远", office="财政局"),
        APPOINTED.format(name="孙思诚", office="教育局"),
    ),
    "two townships": (
        "红旗镇“双联双促”工作情况\n\n红旗镇坚持党建引领，组织机关干部联系村组、党员联系农户，把政策宣讲到田间地头，把服务送到群众家门口，"
        "群众反映的问题件件有着落、事事有回音，村容村貌明显改善，干群关系更加融洽。\n",
        "东风镇“双联双促”工作情况\n\n东风镇坚持党建引领，组织机关干部联系村组、党员联系农户，把政策宣讲到田间地头，把服务送到群众家门口，"
        "群众反映的问题件件有着落、事事有回音，村容村貌明显改善，干群关系更加融洽。\n",
    ),
    "a draft and what became of it": (
        "澄江县农村公路养护管理办法（征求意见稿）\n\n第一条 为加强农村公路养护管理，保障农村公路完好畅通，根据有关法律法规，结合本县实际，制定本办法。\n"
        "第二条 县人民政府是农村公路养护管理的责任主体，乡镇人民政府负责乡道和村道的日常养护，村民委员会协助做好村道养护工作。\n",
        "澄江县农村公路养护管理办法\n\n第一条 为加强农村公路养护管理，保障农村公路完好畅通，根据有关法律法规，结合本县实际，制定本办法。\n"
        "第二条 县人民政府是农村公路养护管理的责任主体，乡镇人民政府负责乡道和村道的日常养护，村民委员会协助做好村道养护工作。\n",
    ),
    "two batches": (
        "澄江县第一批乡村工匠名单公布\n\n经个人申报、乡镇推荐、专家评审、社会公示，决定认定下列同志为县级乡村工匠，希望大家珍惜荣誉、再接再厉。\n张石生、李木根、王竹青\n",
        "澄江县第二批乡村工匠名单公布\n\n经个人申报、乡镇推荐、专家评审、社会公示，决定认定下列同志为县级乡村工匠，希望大家珍惜荣誉、再接再厉。\n赵铁山、钱陶然、周绣云\n",
    ),
}
