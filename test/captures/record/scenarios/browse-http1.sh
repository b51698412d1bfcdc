# shellcheck shell=bash disable=SC2034
TITLE='Plain web browsing over HTTP/1.1'
KIND=benign
NEEDS=(web intra)
PROGRAMS=(curl nginx-light unbound nsd)
ORIGIN='pc11 and pc12 fetch pages with curl from nginx over HTTP/1.1, IPv4 and IPv6: pages with pictures on one kept-alive connection, gzip, a chunked feed, a POST form, 404, redirects, 304, a range. Names are looked up through unbound. Times as recorded.'

scenario() {
  get pc11 -4 --compressed http://www.shop.example/ http://www.shop.example/style.css \
    http://www.shop.example/img/{logo,photo}.png http://www.shop.example/favicon.ico
  nap 500 2000
  get pc12 -6 --compressed http://www.shop.example/shop.html http://www.shop.example/img/{logo,vase}.png
  nap 500 2000
  get pc11 -L --compressed http://www.shop.example/old
  get pc12 -L http://news.example.jp/go
  nap 500 2000
  get pc11 http://news.example.jp/missing.html
  get pc11 http://news.example.jp/feed
  nap 500 2000
  get pc12 -d name=Tanaka -d 'message=Please+send+the+catalogue' http://www.shop.example/submit
  get pc12 -F name=Suzuki -F "file=@minutes.txt;type=text/plain" http://www.shop.example/submit
  nap 500 2000
  get pc11 -I http://news.example.jp/news/
  get pc11 -r 0-499 http://news.example.jp/report.txt
  get pc11 -H 'If-Modified-Since: Fri, 01 Jan 2038 00:00:00 GMT' http://news.example.jp/style.css
  nap 500 2000
  get pc12 -b 'basket=3; lang=en' -e http://www.shop.example/ --compressed http://www.shop.example/about.html
  get pc12 -6 http://intra.ministry.go.example/
  get pc11 --http1.0 http://img.cdn.example/img/photo.png
}
