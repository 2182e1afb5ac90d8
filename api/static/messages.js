// The words of the page, in Chinese and English. What comes from documents is never translated.

const CHINESE = {
  title: "政策问答",
  skip: "跳到正文",
  tabAsk: "提问",
  tabSearch: "检索",
  tabDocuments: "资料",
  welcome: "从政策原文中找答案",
  promise: "每个要点都附出处，可回到原文核对；原文没有的，会直接说明。",
  suggested: "可以这样问",
  suggestion: (place) => `${place}提出了哪些措施？`,
  follow: "接着问",
  followHint: "例如：那邻县呢？",
  startAgain: "另起一个话题",
  understood: (question) => `理解为：${question}`,
  take: "带走这个回答",
  copy: "复制",
  copied: "已复制",
  notCopied: "没有复制成功",
  receipt: "回执",
  searchTitle: "检索段落",
  searchFor: "检索词",
  search: "检索",
  searchHint: "按相关程度列出段落，并可查看每个得分由哪些信号组成。",
  noHits: "没有找到段落。",
  score: (value) => `得分 ${value}`,
  signals: {
    lexical: "字词",
    dense: "语义",
    coverage: "覆盖",
    sentence: "整句",
    heading: "小标题",
    names: "专名",
    place: "地区",
    year: "年份",
    wanted: "所问事项",
    listing: "列举",
    document: "全篇",
    opening: "开头",
  },
  theme: "外观：",
  themes: { auto: "随系统", light: "浅色", dark: "深色" },
  outline: "提纲",
  evidence: "信息来自何处",
  how: (value) => `依据${{ title: "标题", byline: "署名行", signature: "落款", text: "正文", label: "标注", source: "文件名", hint: "机构或项目名称" }[value] || value}`,
  tabInterface: "接口",
  other: "English",
  question: "问题",
  questionHint: "例如：某县提出了哪些人才政策？",
  ask: "提问",
  filters: "限定地区或日期",
  place: "地区",
  since: "起",
  until: "止",
  asking: "正在查找…",
  citations: "出处",
  citation: (number) => `出处 ${number}：在原文中查看`,
  view: "在原文中查看",
  coverage: (matched, cited) => `相关资料 ${matched} 篇，引用 ${cited} 篇`,
  omitted: (count) => `另有 ${count} 条未列出`,
  refused: "没有可以回答的依据",
  reasons: {
    no_such_place: "资料中没有所问的地区。",
    no_such_topic: "资料中没有谈到所问的事项。",
    no_such_period: "资料中没有所问时期的内容。",
    nothing_relevant: "资料中没有相关内容。",
  },
  nearest: "最接近的资料",
  nothingHere: "资料中没有相关内容",
  comparedPlace: "地区",
  comparedPoints: "内容",
  failed: "没有成功",
  unreachable: "连接不到服务，请确认它仍在运行。",
  close: "关闭原文",
  opening: "正在打开原文…",
  mismatch: "原文与引文不一致，请核对。",
  author: "作者",
  published: "日期",
  from: "来源",
  number: "文号",
  issuer: "发文单位",
  total: (count) => `共 ${count} 篇`,
  none: "还没有资料，请上传文件。",
  more: "显示更多",
  chars: (count) => `${count.toLocaleString("zh-CN")} 字`,
  upload: "上传文件",
  uploadHint: "每个不超过 20 MB；同名文件会被替换。",
  uploading: (name) => `正在上传 ${name}…`,
  uploaded: (name, count) => `${name}：已收入 ${count} 篇`,
  rejected: (name, why) => `${name}：未收入。${why}`,
  remove: "删除",
  removeNamed: (title) => `删除《${title}》`,
  confirm: "确认删除？",
  fixedBundled: "这些是自带的文章，不能增删。用 rag index 收录自己的材料，再重新启动服务。",
  fixed: "本索引只能读，不能增删。",
};

const ENGLISH = {
  title: "Policy answers",
  skip: "Skip to content",
  tabAsk: "Ask",
  tabSearch: "Search",
  tabDocuments: "Documents",
  welcome: "Answers from the documents themselves",
  promise: "Every point cites its source, marked in the original; what is not there is said plainly.",
  suggested: "You could ask",
  suggestion: (place) => `${place}提出了哪些措施？`,
  follow: "Ask on",
  followHint: "For example: and the next county?",
  startAgain: "Start another topic",
  understood: (question) => `Understood as: ${question}`,
  take: "Take this answer along",
  copy: "Copy",
  copied: "Copied",
  notCopied: "Could not be copied",
  receipt: "Receipt",
  searchTitle: "Search passages",
  searchFor: "Words to look for",
  search: "Search",
  searchHint: "Passages in order of relevance, with the signals that each score is made of.",
  noHits: "No passage was found.",
  score: (value) => `Score ${value}`,
  signals: {},
  theme: "Appearance:",
  themes: { auto: "System", light: "Light", dark: "Dark" },
  outline: "Outline",
  evidence: "Where this was read",
  how: (value) => `by ${value}`,
  tabInterface: "API",
  other: "中文",
  question: "Question",
  questionHint: "For example: What talent policies did the county propose?",
  ask: "Ask",
  filters: "Limit to a place or dates",
  place: "Place",
  since: "From",
  until: "To",
  asking: "Searching…",
  citations: "Sources",
  citation: (number) => `Source ${number}: show it in the document`,
  view: "Show in the document",
  coverage: (matched, cited) => `${matched} related document${matched === 1 ? "" : "s"}, ${cited} cited`,
  omitted: (count) => `${count} more not listed`,
  refused: "Nothing here supports an answer",
  reasons: {
    no_such_place: "No document is about the place asked for.",
    no_such_topic: "The documents do not speak of what is asked.",
    no_such_period: "The documents hold nothing about the period asked for.",
    nothing_relevant: "The documents hold nothing relevant.",
  },
  nearest: "Nearest documents",
  nothingHere: "nothing in the documents",
  comparedPlace: "Place",
  comparedPoints: "Points",
  failed: "That did not work",
  unreachable: "The service cannot be reached; please check that it is still running.",
  close: "Close the document",
  opening: "Opening the document…",
  mismatch: "The document differs from the quote; please check.",
  author: "Author",
  published: "Date",
  from: "Source",
  number: "Number",
  issuer: "Issued by",
  total: (count) => `${count} document${count === 1 ? "" : "s"}`,
  none: "No documents yet. Upload a file.",
  more: "Show more",
  chars: (count) => `${count.toLocaleString("en")} characters`,
  upload: "Upload files",
  uploadHint: "Up to 20 MB each; a file of the same name is replaced.",
  uploading: (name) => `Uploading ${name}…`,
  uploaded: (name, count) => `${name}: ${count} document${count === 1 ? "" : "s"} taken`,
  rejected: (name, why) => `${name}: not taken. ${why}`,
  remove: "Delete",
  removeNamed: (title) => `Delete “${title}”`,
  confirm: "Really delete?",
  fixedBundled: "These are the bundled articles, which stay as they are. Index documents of your own with rag index, then start the service again.",
  fixed: "This index can only be read.",
};

const KEY = "policy-rag-language";

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage may be switched off
  }
}

let english = remembered() === "en";

/** The words of the present language. */
export const say = () => (english ? ENGLISH : CHINESE);

/** Changes the language, remembers it, and puts the words into every element with data-say. */
export function switchLanguage() {
  english = !english;
  try {
    localStorage.setItem(KEY, english ? "en" : "zh");
  } catch {
    // only this visit, then
  }
  speak();
}

/** Puts the words of the present language into the fixed parts of the page. */
export function speak() {
  document.documentElement.lang = english ? "en" : "zh-CN";
  document.title = say().title;
  for (const element of document.querySelectorAll("[data-say]")) element.textContent = say()[element.dataset.say];
  const other = document.getElementById("language");
  other.textContent = say().other;
  other.lang = english ? "zh-CN" : "en";
  document.getElementById("question").placeholder = say().questionHint;
  document.getElementById("next").placeholder = say().followHint;
}
