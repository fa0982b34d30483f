/**
 * What a person could type to reach other people or to look like somebody else (T21, T22, T23). NUL and lone surrogates
 * are missing: PostgreSQL stores neither, and the core takes them out of every answer.
 */
export const NASTY: string[] = [
  '<!channel>',
  '<!here|here>',
  '<@U0MEI>',
  '<!subteam^S0123|@security>',
  '<#C0GENERAL1|general>',
  '<https://evil.example/slack|Approve in Slack>',
  '[Approve](https://evil.example/markdown)',
  'https://evil.example/bare',
  '*bold* _italic_ ~gone~ `code` ```block```',
  '> quoted\n• listed',
  '<script>alert("canary")</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(2)>',
  '<a href="javascript:alert(3)">Approve</a>',
  '</button></form><form action="https://evil.example/form"><button>Approve</button>',
  'safe\u202eexe.txt',
  '\u2066hidden\u2069 \u202atext\u202c',
  '&lt;!everyone&gt; &amp;lt;script&amp;gt;',
  '{{constructor.constructor("alert(4)")()}} #{7*7} <%= 7*7 %>',
  '<at>Mei</at> @channel @here @everyone',
  'שלום العربية 你好 👩‍🚒 naïve',
  'ring\u0007the bell',
]

/** As it may be shown: without what turns words around and without what is no text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
const UNSHOWN = /[\u202a-\u202e\u2066-\u2069\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u2060\ufffd]/g
export const shownAs = (text: string): string => text.toWellFormed().replace(UNSHOWN, '').replace(/\s+/g, ' ').trim()

/** Turns the reader around. */
export const BIDI = /[\u202a-\u202e\u2066-\u2069]/
