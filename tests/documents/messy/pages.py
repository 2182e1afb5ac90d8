"""Pages as a site sends them, with its menus, counters and footers around the article."""

from __future__ import annotations

from tests.documents.messy.case import Case

COUNTY_PAGE = Case(
    "content_10234.html",
    """<!DOCTYPE html><html><head><meta charset="utf-8"><title>宜章县2023年引进急需紧缺人才公告_宜章县人民政府门户网站</title></head><body>
<div id="top"><a href="/">湖南省政府</a> | <a href="/">郴州市政府</a> | <a href="/login">登录</a> | <a href="/reg">注册</a> | <a>无障碍浏览</a></div>
<ul class="menu"><li><a href="/">网站首页</a></li><li><a href="/zwgk">政务公开</a></li><li><a href="/hdjl">互动交流</a></li><li><a href="/bmfw">便民服务</a></li></ul>
<div class="loc">您现在的位置：<a href="/">首页</a> &gt;&gt; <a href="/x">通知公告</a> &gt;&gt; 正文</div>
<div class="detail"><h2 class="tit">宜章县2023年引进急需紧缺人才公告</h2>
<div class="info"><span>来源：县人社局</span> <span>发布时间：2023-07-18 09:30</span> <span>点击数：1086</span> <span>字体：【<a>大</a> <a>中</a> <a>小</a>】</span></div>
<div class="con"><p>为大力实施人才强县战略，我县面向全国公开引进急需紧缺人才46名，现将有关事项公告如下：</p>
<p><b>一、引进条件</b></p><p>（一）具有全日制硕士研究生以上学历，年龄在35周岁以下；</p><p>（二）博士研究生年龄可放宽至40周岁。</p>
<p><b>二、引进待遇</b></p><p>全职引进的博士研究生，给予安家费30万元，分五年发放；硕士研究生给予安家费10万元，分五年发放。</p>
<table><tr><td>单位</td><td>岗位</td><td>人数</td></tr><tr><td>县人民医院</td><td>临床医师</td><td>12</td></tr><tr><td>县中医医院</td><td>中医师</td><td>5</td></tr></table>
<p>附件：<a href="1.xls">宜章县2023年引进急需紧缺人才岗位表.xls</a></p>
<p style="text-align:right">宜章县人力资源和社会保障局</p><p style="text-align:right">2023年7月17日</p></div>
<div class="share">分享到：<a>微信</a> <a>微博</a></div><div>【<a>打印本页</a>】【<a>关闭窗口</a>】</div>
<div>上一篇：<a href="2">宜章县2023年公开招聘教师公告</a></div><div>下一篇：<a href="3">关于拟录用人员的公示</a></div></div>
<div class="bottom">主办：宜章县人民政府 承办：宜章县人民政府办公室 技术支持：县政务服务中心<br>网站标识码：4310220001 湘公网安备 43102202000012号 湘ICP备05001234号<br>您是第 3482211 位访客</div></body></html>""",
    title="宜章县2023年引进急需紧缺人才公告",
    place="湖南省郴州市宜章县",
    published="2023-07-18",
    issuer="宜章县人力资源和社会保障局",
    inside=("安家费30万元", "临床医师", "年龄可放宽至40周岁"),
    outside=("无障碍浏览", "位访客", "上一篇", "打印本页", "点击数", "网站标识码", "公开招聘教师公告", "互动交流"),
)

ZONE_PAGE = Case(
    "t20220811.html",
    """<html><head><title>关于支持产业人才集聚的若干政策-芜湖经济技术开发区</title><meta name="PubDate" content="2022-08-11 16:02"><meta name="ContentSource" content="开发区组织人事部"></head>
<body><div class="header"><img alt="logo"><a>网站首页</a><a>走进开发区</a><a>招商引资</a><a>信息公开</a></div>
<div class="crumb">当前位置: 网站首页 > 信息公开 > 政策文件</div>
<table class="xxgk"><tr><td>索引号：</td><td>003012345/202208-00021</td><td>主题分类：</td><td>人才</td></tr><tr><td>发布机构：</td><td>芜湖经济技术开发区管委会</td><td>发布日期：</td><td>2022-08-11</td></tr><tr><td>文号：</td><td>芜经开管〔2022〕58号</td><td>有效性：</td><td>有效</td></tr></table>
<h1>关于支持产业人才集聚的若干政策</h1>
<div id="zoom"><p>区属各单位，各企业：</p><p>为加快建设产业人才高地，现制定如下政策。</p><p>1. 引才补贴。对新引进的博士、硕士、本科生，分别给予每月3000元、1500元、800元的租房补贴，最长不超过36个月。</p>
<p>2. 平台奖励。对新认定的国家级博士后科研工作站，给予100万元奖励。</p><p>3. 子女入学。高层次人才子女可在全区范围内择校入学。</p><p>本政策自发布之日起施行，有效期至2025年12月31日。</p></div>
<div class="foot"><p>关于我们 | 网站地图 | 联系我们</p><p>版权所有：芜湖经济技术开发区管理委员会 皖ICP备11002233号-1</p><p>地址：安徽省芜湖市银湖北路 邮编：241000</p></div></body></html>""",
    title="关于支持产业人才集聚的若干政策",
    place="安徽省芜湖市芜湖经济技术开发区",
    published="2022-08-11",
    number="芜经开管〔2022〕58号",
    issuer="芜湖经济技术开发区管委会",
    inside=("每月3000元、1500元、800元", "100万元奖励"),
    outside=("网站地图", "皖ICP备", "走进开发区", "索引号"),
)

FAQ_PAGE = Case(
    "faq.html",
    """<html><head><title>【政策问答】灵活就业人员社保补贴怎么申请？ - 万宁市人力资源和社会保障局</title></head><body>
<div class="nav"><ul><li><a>首页</a></li><li><a>机构职能</a></li><li><a>政策法规</a></li><li><a>政策问答</a></li></ul></div>
<div class="article"><h1>【政策问答】灵活就业人员社保补贴怎么申请？</h1><p class="sub">发布时间：2023年11月02日　来源：万宁市人力资源和社会保障局　作者：　阅读：532次</p>
<div class="txt"><p><strong>问：哪些人可以申请灵活就业社保补贴？</strong></p><p>答：在我市灵活就业并缴纳社会保险费的就业困难人员、离校两年内未就业的高校毕业生，可以申请。</p>
<p><strong>问：补贴标准是多少？</strong></p><p>答：按实际缴费的三分之二给予补贴，最长不超过三年；距法定退休年龄不足五年的，可延长至退休。</p>
<p><strong>问：到哪里办理？</strong></p><p>答：可到户籍所在镇公共就业服务站办理，也可登录“海南省公共就业服务平台”网上办理。咨询电话：0898-62220000。</p></div>
<div class="related"><h3>相关阅读</h3><ul><li><a>创业担保贷款怎么申请？</a></li><li><a>失业保险金怎么领？</a></li></ul></div></div>
<div class="footer">万宁市人力资源和社会保障局主办 琼ICP备05000001号 今日访问：1234 总访问：998877</div></body></html>""",
    title="【政策问答】灵活就业人员社保补贴怎么申请？",
    place="海南省万宁市",
    published="2023-11-02",
    inside=("按实际缴费的三分之二给予补贴", "户籍所在镇公共就业服务站"),
    outside=("相关阅读", "创业担保贷款怎么申请", "总访问", "机构职能"),
)

GBK_PAGE = Case(
    "art_88.htm",
    """<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>桐城市党建网</title></head><body><table width="1000"><tr><td><a href="/">首页</a></td><td><a>党建要闻</a></td><td><a>干部工作</a></td><td><a>人才工作</a></td></tr></table>
<table><tr><td>位置：首页 &gt; 人才工作</td></tr><tr><td align="center"><font size="5"><b>桐城市“四个一”做实人才服务</b></font></td></tr><tr><td align="center">作者：市委组织部　日期：2021-10-9　点击：203次</td></tr>
<tr><td><p>　　桐城市坚持把人才服务作为引才留才的关键抓手，用心用情做好服务。</p><p>　　<b>一张清单明需求。</b>走访企业120家，梳理人才需求356条，逐条明确责任单位和办结时限。</p><p>　　<b>一个专窗办事项。</b>在市政务服务中心设立人才服务专窗，23个事项“一窗通办”。</p><p>　　<b>一套公寓解居住。</b>建成人才公寓180套，首年免租金，第二年减半收取。</p><p>　　<b>一张卡片享优待。</b>发放“文都英才卡”640张，持卡可免费游览市内景区。</p></td></tr>
<tr><td align="right">【字号：大 中 小】【打印】【关闭】</td></tr></table><table><tr><td>版权所有：中共桐城市委组织部　地址：桐城市文昌大道　皖ICP备09001122号</td></tr></table></body></html>""",
    title="桐城市“四个一”做实人才服务",
    place="安徽省安庆市桐城市",
    published="2021-10-09",
    author="市委组织部",
    inside=("建成人才公寓180套", "23个事项"),
    outside=("点击：203", "皖ICP备", "字号：大", "干部工作"),
    encoding="gb2312",
)

LIST_PAGE = Case(
    "news.html",
    """<html><head><title>霍州市：党员“积分制”激活末梢_要闻_霍州先锋</title></head><body>
<div id="hd"><a>首页</a><a>要闻</a><a>公示公告</a><a>两学一做</a></div>
<div class="left"><h3>热点排行</h3><ul><li><a>市委召开常委会会议</a></li><li><a>霍州市举办干部培训班</a></li><li><a>关于干部任前公示的公告</a></li></ul></div>
<div class="right"><h1>霍州市：党员“积分制”激活末梢</h1><div class="meta">2022-03-28 10:11:12 来源：霍州市委组织部 编辑：刘敏 【收藏】 【评论：0条】</div>
<div class="text"><p>“我这个月的积分又进了前三！”3月26日，在白龙镇陈村党群服务中心，党员乔建国指着公示栏说。</p><p>霍州市在农村推行党员“积分制”管理，设置基础分、奖励分、扣减分三类28项指标，每月申报、每季公示、每年兑现，年度积分前10%的党员优先评先评优。</p><p>目前，全市186个村全部推行，党员参与志愿服务率由过去的62%提高到94%。</p></div>
<p>扫一扫在手机打开当前页</p><div class="pn">上一篇：没有了 下一篇：市委召开人才工作会议</div></div>
<div class="ft">霍州市委组织部主办 Copyright©2010-2022 晋ICP备10200300号</div></body></html>""",
    title="霍州市：党员“积分制”激活末梢",
    place="山西省临汾市霍州市",
    published="2022-03-28",
    inside=("三类28项指标", "186个村全部推行"),
    outside=("热点排行", "市委召开常委会会议", "扫一扫", "评论：0", "Copyright", "下一篇"),
)

SIGNED_NEWS = Case(
    "n20240102.html",
    """<html><head><meta charset="utf-8"><title>“小板凳”搬出大民生——来自和政县的基层治理观察--甘肃日报</title></head><body>
<div class="crumbs"><a>首页</a> > <a>要闻</a></div>
<div class="main"><h1>“小板凳”搬出大民生</h1><h2>——来自和政县的基层治理观察</h2>
<p class="author">本报记者 马小龙 通讯员 王海霞</p><p class="date">2024年01月02日 08:15 来源：甘肃日报</p>
<p>“大家把板凳搬过来，咱们今天说说路灯的事。”12月28日傍晚，和政县达浪乡李家坪村文化广场上，村党支部书记李学明的开场白一落，20多位村民围坐一圈。</p>
<p>和政县在全县122个行政村推行“板凳会”制度，村干部每月带着板凳到群众身边听意见，当场能办的当场办，不能办的列清单、定时限。去年以来，累计召开“板凳会”2300余场次，解决路灯、饮水、入户道路等问题1860件。</p>
<p>“过去是群众找干部，现在是干部找群众。”和政县委组织部有关负责人表示。</p>
<p>原标题：“小板凳”搬出大民生</p><p>责编：赵强</p></div>
<ul class="hot"><li><a>甘肃新增10家国家级孵化器</a></li><li><a>兰州：地铁客流创新高</a></li></ul>
<div class="copyright">甘肃日报报业集团版权所有 未经授权禁止转载</div></body></html>""",
    title="“小板凳”搬出大民生",
    place="甘肃省临夏回族自治州和政县",
    published="2024-01-02",
    author="本报记者 马小龙 通讯员 王海霞",
    inside=("122个行政村推行“板凳会”制度", "2300余场次"),
    outside=("责编", "版权所有", "地铁客流"),
)

DIV_PAGE = Case(
    "index_3344.shtml",
    """<!doctype html><html><head><meta charset="utf-8"><title>政策解读</title></head><body><header><nav><a>首页</a><a>政务公开</a></nav></header>
<section><div class="title-box">《共和县支持民宿发展十条措施》政策解读</div><div class="tips"><i>日期：2023/05/16</i><i>来源：共和县文体旅游广电局</i><i>打印</i></div>
<div class="cnt"><div>一、出台背景</div><div>共和县地处青海湖畔，民宿产业发展潜力巨大，但存在规模小、标准低、配套弱等问题，为此制定《共和县支持民宿发展十条措施》。</div>
<div>二、主要内容</div><div>（一）建设补助。新建民宿每间客房补助5000元，单户最高不超过10万元。<br>（二）评级奖励。被评为甲级、乙级、丙级旅游民宿的，分别奖励50万元、20万元、10万元。<br>（三）贷款贴息。给予50%的贷款贴息，期限两年。</div>
<div>三、解读机关</div><div>解读机关：共和县文体旅游广电局　解读人：李措毛　联系电话：0974-8512345</div></div></section>
<footer><p>共和县人民政府办公室主办</p><p>政府网站标识码：6325210001</p><p>青ICP备05000000号</p></footer></body></html>""",
    title="《共和县支持民宿发展十条措施》政策解读",
    place="青海省海南藏族自治州共和县",
    published="2023-05-16",
    inside=("每间客房补助5000元", "分别奖励50万元、20万元、10万元"),
    outside=("政府网站标识码", "青ICP备", "政务公开"),
)

PAGES = (COUNTY_PAGE, ZONE_PAGE, FAQ_PAGE, GBK_PAGE, LIST_PAGE, SIGNED_NEWS, DIV_PAGE)
