import { md } from './md.ts'
import { words } from './words.ts'

const en = {
  notYours: (inbox: string) => `This is not yours, or it is no longer there. Type ${inbox} to see what waits for you.`,
  left: 'Your account is not active here any more, so nothing was changed. If that is wrong, ask your ISMS team.',
  unknown: md`I don't know you yet, so nothing was changed. Your ISMS team sees that you wrote and can link your account; then try again.`,
  outsider: 'This is for the people of this organisation only.',
  notCurrent: (inbox: string) =>
    `This button belongs to an older version of Countersign. Type ${inbox} to see what waits for you.`,
  guest: 'As a guest you can acknowledge policies and report incidents here.',
  fault: (id: string) =>
    md`Something went wrong on our side and nothing was changed. Please try again. If it stays, tell your ISMS team this: \`${id}\``,
  correct: 'Please look at the marked fields.',
  notBrought: 'A file is no longer here: it is kept for one hour. Please add it again.',
  tooFast: 'Somebody was faster: this was answered or handed over in the meantime. Nothing was changed.',
  notTaken: 'This person cannot take it: please choose somebody who works here.',
  nothingLeft: 'Nothing left to do here',
  gone: 'This is no longer there.',
}

export const text = words({ en })
