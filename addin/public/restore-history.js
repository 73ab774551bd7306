window.history.pushState = window.tasksheetHistory.pushState;
window.history.replaceState = window.tasksheetHistory.replaceState;
