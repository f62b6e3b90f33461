/** @file What a browser shows that comes without a session: why, and what to do. Plain HTML that needs nothing else of the host. */

/**
 * The link leads to the window itself. It is of use to who came from another page (a terminal in the browser, say): the session's
 * cookie is not sent along from there, but it is from here.
 */
export function doorPage(): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sagitta</title>
<style>
  :root { color-scheme: dark light; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 36rem; margin: 15vh auto; padding: 0 1rem; }
  code { font-size: 0.95em; }
</style>
<h1>Sagitta</h1>
<p>This browser has no session with the Sagitta that runs here.</p>
<p>If you have just opened the address that <code>sagitta serve</code> printed, <a href="/">go on to the window</a>.</p>
<p>Otherwise the address was used before, or Sagitta was started anew since: each address works once. Start
<code>sagitta serve</code> again and open the address that it prints.</p>
</html>
`;
}
