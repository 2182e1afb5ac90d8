"""What the development documents beside the repository state, made by hand; names and facts only, no text of theirs."""

from __future__ import annotations

import re
from pathlib import Path

SHARED = Path(__file__).resolve().parents[3] / "shared"
DOCS, SEEDS, RAW = SHARED / "gold" / "docs", SHARED / "seeds", SHARED / "gold" / "raw" / "docs"

# Name: how the title begins, how it ends, the author.
TRUTH: dict[str, tuple[str, str, str | None]] = {
    "001": ("黑龙江：“指尖”备春耕", "生产抗疫两不误", "记者 王建"),
    "002": ("重庆税务精准施策", "渡难关", None),
    "003": ("河南郑州：广撒“数据网”", "肺炎病毒", None),
    "004": ("北京出台28条务实举措", "健康发展", None),
    "005": ("福建：尽快实现日产", "防护服的目标", "记者 秦宏"),
    "006": ("【四川机关党建网】党建引领", "积极战“疫”", "乐山市税务局直属机关党委"),
    "007": ("浮梁县领导到", "整顿提升", None),
    "008": ("宣城市出台“四苗”", "两个文件", None),
    "010": ("关于南昌市商贸物流", "有关通知", None),
    "011": ("中共大理州委大理州人民政府", "", None),
    "013": ("鹤壁市疫情防控指挥部", "投放情况", None),
    "014": ("广东省人民政府关于印发", "政策措施的通知", None),
    "017": ("宁夏：民政服务机构", "传染病隔离区", "记者 杨稳玺"),
    "019": ("海陵区审批服务公告", "审批服务公告", None),
    "020": ("攀枝花市出台一级响应", "12条措施", None),
    "023": ("广东省人民政府办公厅转发", "", None),
    "024": ("石政发〔2020〕3号-北京市石景山区", "通知", None),
    "025": ("睢宁县“把合作社", "建在党支部”", None),
    "028": ("重庆出台援企稳岗", "返还政策", None),
    "029": ("【新华网】成都推出", "渡难关", "记者胡旭"),
    "030": ("广西：多举措加强", "科学防控", "记者 周珂 乔晓莹"),
    "033": ("关于疫情防控期间暂停海陵区", "的通告", None),
    "034": ("科学防控疫情 推动", "开工建设", None),
    "035": ("金穗县从三个环节", "党员质量", None),
    "038": ("对口支援和民族地区", "人才工作摘编", None),
    "042": ("福建省人力资源和社会保障厅 福建省工业", "复工稳岗的通知", None),
    "044": ("紧急公告", "紧急公告", None),
    "049": ("四川省应对新型冠状病毒肺炎", "（第6号）", None),
    "053": ("芦汀县驻村第一书记", "工作综述", None),
    "057": ("关于在新型冠状病毒感染", "先锋模范作用的通知", None),
    "062": ("天津市财政局关于规范", "管理工作的通知", None),
    "072": ("星湾新区产业人才", "“揭榜”记", "星湾新区组织人事部"),
    "075": ("漯河社区治理", "调研手记", None),
    "080": ("淮泽县与高校共建", "“人才飞地”", None),
    "090": ("绍兴市住房公积金管理中心", "政策的通知", None),
    "095": ("辽宁规模以上工业企业", "接近六成", "记者陈梦阳 王炳坤"),
    "102": ("[区政务服务局]关于推行", "审批”的公告", None),
    "104": ("隆泽县:四条路子", "村集体经济", None),
    "108": ("新疆因救治感染疫情", "认定为工伤", "记者马蓓"),
    "110": ("天枢市柔性引才", "办法(摘要)", None),
    "124": ("湖南省医疗保障局 国家税务总局", "有关事项的通知", None),
    "135": ("蔬菜产地供应充足", "调查报告", None),
    "137": ("致全体市民", "公开信", None),
    "139": ("澄河县人才新政", "二十条解读", None),
    "149": ("乾县：让人才成为", "源头活水", "乾县县委组织部"),
    "155": ("北京市财政局 北京市发展和改革委员会", "紧急通知", None),
    "157": ("江西省新型冠状病毒感染", "令第13号", None),
    "172": ("在全市人才工作推进会", "汇报材料", None),
    "173": ("张伟文：分区施策", "防控措施", None),
    "189": ("奋力开创人才强市", "建设新局面", "中共岚泉市委组织部"),
    "190": ("重庆多措并举", "复工复产", "记者 黄光红 栗园园 李珩"),
    "200": ("盂县第三次发布", "“盂雁归巢”", None),
}
SEED_TRUTH = [
    ("我们要以习近平新时代中国特色社会主义思想", "锡林浩特市委组织部 李超治"),
    ("在组织工作务虚会上的交流发言", None),
    ("党的十八大以来,我市坚持", None),
    ("在新征程中书写组织工作新答卷", "中共祁东县委常委、组织部部长 黄灵杰"),
    ("以赶考姿态奋力续写组织工作新篇", "市委常委、组织部部长 杨来禄"),
    ("全面学习把握落实党的二十大精神 奋力谱写新时代人大工作新篇章", "市人大常委会副主任 赵绪成"),
]

# Where the place in docs.jsonl is not what the document says on reading it: the place, and why.
PLACES: dict[str, tuple[str | None, str]] = {
    "031": ("浙江省", "the headline speaks for the province, the district is its first example"),
    "037": ("山东省", "schools of several cities; 济南 is the dateline alone"),
    "044": ("青海省西宁市", "signed by the city's headquarters, “全市”"),
    "068": ("青海省海东市", "the city's official name"),
    "083": ("虞山街道", "a community is below the divisions; its subdistrict is named"),
    "093": ("澄河县", "names no province"),
    "109": ("上海市", "临港 is no division"),
    "121": ("江苏省南通市", "the city's development zone"),
    "135": ("山东省", "the headline speaks for the province; 寿光 is one of its places"),
    "136": ("重庆市两江新区", "the level of a new area is its own"),
    "139": ("澄河县", "names no province"),
    "151": ("上海市金山区山阳镇", "the town's official name"),
    "175": ("北京市", "“来京”, “本市”"),
    "183": ("江西省", "signed by the province's headquarters"),
    "198": ("河南省驻马店市正阳县永兴镇", "the headline names the town"),
    "066.txt": ("天津市", "“本市”, signed by the city's office"),
    "087.txt": (None, "a ministry to all provinces"),
    "095.txt": (None, "a ministry to all provinces"),
}
SITE_WORDS = re.compile(
    r"责任编辑|扫一扫在手机|网站地图|版权所有|位访客|位来访|上一篇|【打印】|评论0|ICP备|网站标识码|当前位置|浏览次数|浏览量|技术支持[:：]|文章来源[:：]|欢迎访问|分享到"
)
