/**
 * What Teams shows of the app before anybody has written to it, in the languages of those who read it there. What is
 * typed stays the same word everywhere: the bot knows its commands by their words.
 */
export type AppWords = {
  full: string
  short: string
  long: string
  tab: string
  /** By the word of a command. */
  menu: Readonly<Record<string, string>>
  /** By the action of a message command. */
  actions: Readonly<Record<string, { title: string; description: string }>>
}

const de: AppWords = {
  full: 'Countersign: Informationssicherheit, im Chat erledigt',
  short: 'Richtlinien, Maßnahmen, Zugriffsprüfungen, Meldungen: mit zwei Klicks erledigt.',
  long: `Countersign betreibt ein Informationssicherheits-Managementsystem (ISO/IEC 27001) dort, wo die Leute ohnehin sind. Es bringt Richtlinien zur Kenntnisnahme, fragt Verantwortliche für Maßnahmen und Systeme nach dem, was fällig ist, nimmt Sicherheitsmeldungen entgegen und bewahrt die Ergebnisse in Ihrer eigenen Datenbank auf.

Es ist ein Bot: Er fragt nie nach einem Kennwort und liest nur Nachrichten, die an ihn gehen, ihn nennen oder ihm mit „Als Vorfall melden“ übergeben werden. Er antwortet auf Englisch.

help zeigt, was er kann, inbox, was auf Sie wartet.`,
  tab: 'Eingang',
  menu: {
    inbox: 'Was auf Sie wartet',
    status: 'Wie es steht',
    verify: 'Prüfen, ob eine Nachricht wirklich von uns ist',
    record: 'Die Aufzeichnung hinter etwas',
    help: 'Diese Liste',
    policies: 'Die Richtlinien, die für Sie gelten, und was Sie bestätigt haben',
    publish: 'Eine Richtlinie an die Leute schicken, für die sie ist',
    controls: 'Ihre Maßnahmen und was dazu zu bestätigen ist',
    reviews: 'Zugriffsprüfungen: was auf Sie wartet, und die Exporte Ihrer Systeme',
    incident: 'Einen Vorfall, eine Schwachstelle oder etwas Seltsames melden',
    reports: 'Meine Meldungen, und für die Bereitschaft die offenen',
  },
  actions: {
    'incidents.report': { title: 'Als Vorfall melden', description: 'Dem Sicherheitsteam davon berichten' },
  },
}

const zh: AppWords = {
  full: 'Countersign:在聊天中完成信息安全工作',
  short: '制度确认、控制措施、访问权限复核和安全报告,点两下即可完成。',
  long: `Countersign 在大家日常使用的聊天工具中运行信息安全管理体系(ISO/IEC 27001):送达需要确认的制度,向控制措施和系统的负责人询问到期事项,接收安全报告,并把结果保存在贵组织自己的数据库中。

它是机器人:从不索要密码;只读取发给它、提及它,或通过“报告为安全事件”转交给它的消息。它用英文回答。

输入 help 查看它能做什么,输入 inbox 查看您的待办事项。`,
  tab: '待办事项',
  menu: {
    inbox: '您的待办事项',
    status: '当前状况',
    verify: '确认某条消息确实由我们发出',
    record: '某件事背后的记录',
    help: '本列表',
    policies: '适用于您的制度,以及您已确认的内容',
    publish: '把一项制度发送给适用的人员',
    controls: '您负责的控制措施及待声明事项',
    reviews: '访问权限复核:您的待办事项,以及您所负责系统的导出文件',
    incident: '报告安全事件、弱点或任何异常',
    reports: '我的报告;响应人员还可查看待处理的报告',
  },
  actions: {
    'incidents.report': { title: '报告为安全事件', description: '把此消息告知安全团队' },
  },
}

/** By language tag, in the small letters that the schema asks for. */
export const LANGUAGES: Readonly<Record<string, AppWords>> = { de, 'zh-cn': zh }
