# shellcheck shell=bash disable=SC2034
TITLE='Temperature readings over MQTT'
KIND=benign
NEEDS=(mqtt)
PROGRAMS=(mosquitto mosquitto-clients)
ORIGIN='Two sensors publish readings with mosquitto_pub (QoS 1, one lasting connection each, a reading per second and per 1.4 s), pc11 subscribes with mosquitto_sub, a will and a retained message included; user names and passwords are in clear. Times as recorded.'

scenario() {
  on pc11 timeout 140 mosquitto_sub -h 10.20.0.90 -i board -u board -P "$PASSWORD" -t 'building/#' -q 1 \
    --will-topic building/board/state --will-payload gone -k 30 &
  sleep 1
  on pc12 mosquitto_pub -h 10.20.0.90 -i office -u board -P "$PASSWORD" -t building/board/text -m 'Fire drill at 10:00' -r
  measure sensor1 room204 120 1 &
  local one=$!
  measure sensor2 archive 85 1.4
  wait "$one"
  sleep 16
}
