// The script of all pages. Each module enhances markup that also works without it.
import * as cards from "./cards.js";
import * as code from "./code.js";
import * as copies from "./draft-copies.js";
import * as draft from "./draft.js";
import * as editor from "./editor.js";
import * as fieldErrors from "./field-errors.js";
import * as forms from "./forms.js";
import * as fragments from "./fragments.js";
import * as keys from "./keys.js";
import * as lightbox from "./lightbox.js";
import * as live from "./live.js";
import * as menus from "./menus.js";
import * as messages from "./messages.js";
import * as share from "./share.js";
import * as similar from "./similar.js";
import * as stream from "./stream.js";
import * as tables from "./tables.js";
import * as theme from "./theme.js";
import * as times from "./times.js";
import * as toast from "./toast.js";
import * as todos from "./todos.js";

for (const module of [theme, toast, menus, forms, fieldErrors, fragments, share, keys, times, cards, code, similar, copies, draft, editor, messages, todos, lightbox, live, stream, tables]) module.start();
