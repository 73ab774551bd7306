// ES5 on purpose: it runs where the pane can't (Internet Explorer, EdgeHTML) and shows the plain page there.
(function () {
  var modern = 'noModule' in document.createElement('script') && window.ResizeObserver && window.globalThis && Promise.allSettled;
  if (modern) return;
  document.getElementById('old-webview').removeAttribute('hidden');
  document.getElementById('pane').setAttribute('hidden', 'hidden');
  document.getElementById('browser-link').setAttribute('href', window.location.protocol + '//' + window.location.host + '/taskpane.html');
})();
