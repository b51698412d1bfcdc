# shellcheck shell=bash disable=SC2034
TITLE='Web browsing over HTTP/2 with Chromium and curl'
KIND=benign
NEEDS=(web intra)
PROGRAMS=(chromium curl nginx-light unbound nsd)
ORIGIN='Headless Chromium on pc12 (IPv6 and IPv4) and curl --http2 on pc11 open pages with pictures from nginx over TLS with HTTP/2. Chromium may resolve only the names of the test. Times as recorded.'

chromium_open() { # HOST URL
  on "$1" timeout 25 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync --disable-default-apps \
    --disable-dev-shm-usage --no-pings --user-data-dir="$(mktemp -d "$W/tmp/chromium.XXXX")" --ignore-certificate-errors \
    --disable-features=OptimizationHints,MediaRouter,DialMediaRouteProvider,Translate \
    --host-resolver-rules='MAP * ~NOTFOUND, EXCLUDE *.example, EXCLUDE *.example.jp, EXCLUDE *.example.com' \
    --virtual-time-budget=3000 --dump-dom "$2"
}

scenario() {
  chromium_open pc12 https://www.shop.example/
  nap 500 1500
  get pc11 --http2 --compressed https://news.example.jp/news/ https://news.example.jp/style.css https://news.example.jp/img/logo.png
  nap 500 1500
  chromium_open pc12 https://weather.example/shop.html
  get pc11 --http2 -d q=umbrella https://www.shop.example/submit
  get pc11 --http2 https://intra.ministry.go.example/
  chromium_open pc11 https://www.example.com/news/
}
