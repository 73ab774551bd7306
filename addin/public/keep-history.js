// Office.js replaces history.pushState and replaceState by null. Kept here, given back in restore-history.js.
window.tasksheetHistory = { pushState: window.history.pushState, replaceState: window.history.replaceState };
