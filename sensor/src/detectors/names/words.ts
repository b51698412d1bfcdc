// Words and syllables that people make names of: what pairs of letters are usual is counted from them.
//
// Written down for this purpose: English words that stand in names of sites, syllables of Japanese in Latin letters as
// often as names have them, and the short words of machines.

export const WORDS = `
about access account action active address admin adult advance agency agent air alert alpha amazon america analytic
android animal answer api app apple apply archive area army art article asia assets associate atlas auction audio
author auto aviation award baby back backup ball bank banner base basic battle beach beauty best beta better bid big
bike bill billing bird bit black block blog blue board boat body bonus book boost border box brand bridge bright
broker browser budget build builder building business butter button buy cable cache calendar call camera camp campus
canada capital car card care career cargo cart cash casino cat catalog cell center central chain chance change channel
charge chart chat check chef child china choice church circle city class classic clean clear click client climate
clinic clock cloud club code coffee collect college color command comment commerce common community company compare
computer concept connect consult contact content contest control cook cool core corner corporate cost council count
country course court cover create creative credit crew cross crypto culture current custom customer daily dance data
date day deal dealer debug decision deep defense delivery demo dental depot design desk detail develop device diary
digital direct discount discover display doctor document dog dollar domain door double download dragon drama dream
drive drop dynamic early earth east easy eco edge edit editor education effect electric element elite email emerald
energy engine english enter enterprise equal estate europe event ever example exchange express extra eye fabric face
fact factory family fan farm fashion fast father feed feel fight file film filter final finance find fire first fish
fit flash flight float flower fly focus food foot force forest form format forum forward foundation frame france free
freedom fresh friend front fruit full fun fund future gallery game garden gate general german get gift girl give glass
global gold golf good government grand graph graphic great green grid group grow growth guard guide hair hall hand
happy hard harvest head health heart heat help hero high hill history hit hold holiday home honey honor hope horse
hospital host hot hotel house human hunter icon idea image impact import index india industry info inside insight
instant insurance interest internal internet invest island item jack java jazz jet jewel job join journal journey
jump junior just keep key kid kind king kitchen knowledge lab label lake land language laser last launch law lead
leader league learn legal letter level library license life light limit line link liquid list little live load loan
local location login logic london long look lord lot love lucky lunch luxury machine magic magazine mail main major
make manage manager map marine mark market marketing master match material math matter media medical medicine meet
member memory menu message meta metal meter method metro micro mind mini mining mirror mobile mode model modern
monitor money month moon more morning mortgage mother motion motor mountain mouse move movie multi museum music
name nation native natural nature network new news next night nine noble north note notice number object ocean offer
office official oil online only open optic option orange orbit order organic origin outdoor output owner pack page
paint palace panel paper parent park part partner party pass password path pay payment peak people perfect personal
pet phone photo physical picture pilot pink pixel place plan planet plant plastic platform play player plus pocket
point police policy pool popular port portal post power practice press price prime print privacy private prize pro
process product profile program project promo property protect provider proxy public publish pulse pure push quality
quick quiet race radio rain random rank rapid rate reach read ready real record red region register relay release
remote rent repair report research resort resource response rest result retail return reverse review ride right ring
river road robot rock room root rose round route royal run rural safe safety sale sample satellite save scale school
science score screen script sea search season seat second secret secure security seed select sell senior sense sensor
series server service session set share sheet shell ship shop shopping short show side sign signal silver simple
single site skill skin sky sleep small smart smile snow social soft software solar solid solution song sound source
south space spain speak special speed spirit sport spot spring square staff stage standard star start state static
station status stay steel step stock stone storage store storm story stream street strong student studio study style
sub success sugar suite summer sun super supply support sure surf survey sweet swift switch sync system table tag talk
target task tax tea teach team tech technology telecom tell temple term test text theme think thunder ticket tiger
time tip title today tool top total touch tour town toy track trade trader traffic train transfer transport travel
tree trend trial trip true trust try tube turbo turn twin type ultra union unique unit united universe university
update upload urban user valley value vector vehicle venture video view village vintage vision visit visual vital
voice volume vote wait walk wall water wave way wealth wear weather web wedding week welcome well west white wide wild
wind window wine wing winter wire wireless wise wolf woman wonder wood word work world worth write yellow young zone
aka aki ama ara asa chi dai dou fuji fuku gawa haru hashi hata hira hoku ichi ike ima ishi ito iwa jima jin kai kami
kan kara kata kawa kaze ken kin kita kobe koku kuma kura kyo kyoto kyushu machi maru matsu mei mi michi mina mitsu
miya mizu mori moto mura naga naka nara nashi ni nichi niigata nippon nishi no oka oku osaka ota rin ryo ryu saga sai
saki sakura san sapporo sato sawa sen shi shima shin shizu sho shuku so sugi sumi suzu ta tachi tai taka take tama
tani tanaka to toku tokyo tomo tori toyo tsu tsuki uchi ue umi uno ura wa wada yama yasu yoko yoshi yuki zaki zen
adnxs ajax akamai api apis assets auth aws azure beacon cdn cfg clients cluster cms conf config css ctl db dev dist dns
doc edge edgekey edgesuite exe ext ftp git gov gstatic gtm html http https img imap intl ipv jpg jquery js json lan
ldap lib log mx net nginx node ns ntp oauth ocsp pki pop prod proxy ptr rtb sdk sip smtp sql ssh ssl stats stun svc
tcp tls tracker udp url usercontent vm vpn wan wpad www xml
`;
