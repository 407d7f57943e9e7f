// Tells the server in which time zone this browser is, so that pages show their times in it.
// The server checks the name. Slashes are kept: a cookie's value may hold them.
const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
const told = document.cookie.match(/(?:^|; )zone=([^;]*)/)?.[1];
if (timeZone && told !== timeZone) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `zone=${timeZone}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}
