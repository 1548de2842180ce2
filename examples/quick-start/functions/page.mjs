const escape = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.codePointAt(0)};`);

/** Answers with an HTML page, from an ES module. */
export const handler = async (event, context) => ({
  statusCode: 200,
  headers: { 'Content-Type': 'text/html; charset=utf-8' },
  body: `<!doctype html>
<title>A page from Lambda</title>
<h1>A page from Lambda</h1>
<p>Rendered by <code>${escape(context.functionName)}</code> for <code>${escape(event.headers['User-Agent'] ?? 'you')}</code>.</p>
<img src="/image.png" alt="A square that fades from red to blue" width="256" height="256">
`,
});
