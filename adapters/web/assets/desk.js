// The desk works without a script. With it, answers come in place, news arrive by themselves and lists can be searched.
import { watchDialogs } from './dialog.js'
import { watchNews } from './live.js'
import { prepare } from './prepare.js'
import { watchForms } from './send.js'

watchNews()
prepare(document)
watchDialogs()
watchForms()
