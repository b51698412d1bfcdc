# shellcheck shell=bash disable=SC2034
TITLE='Mail: submission with and without STARTTLS, reading over IMAP'
KIND=benign
NEEDS=(mail)
PROGRAMS=(swaks exim4-daemon-light dovecot-imapd curl openssl unbound)
ORIGIN='pc11 submits mails with swaks to exim on port 587, with STARTTLS and then (a badly set up client) without; pc12 hands one in on port 25; pc12 reads the mailbox with curl over IMAP, once in clear and once with STARTTLS and once over IMAPS. Times as recorded.'

scenario() {
  write_letter pc11 --port 587 --tls --header 'Subject: Meeting on Monday' --body 'Please bring the budget. Tanaka'
  nap 1000 2500
  write_letter pc11 --port 587 --header 'Subject: Room changed' --body 'We meet in room 204 instead. Tanaka'
  nap 1000 2500
  on pc12 swaks --server 10.20.0.25 --port 25 --ehlo pc12.ministry.go.example --from sato@ministry.go.example \
    --to tanaka@ministry.go.example --header 'Subject: Lunch' --body 'At noon?' --attach @minutes.txt
  nap 1000 2500
  local box=mail.ministry.go.example
  on pc12 curl -sS -u "suzuki:$PASSWORD" "imap://$box/INBOX?ALL"
  on pc12 curl -sS -u "suzuki:$PASSWORD" "imap://$box/INBOX;MAILINDEX=1"
  nap 1000 2500
  on pc11 curl -sS --ssl-reqd -u "tanaka:$PASSWORD" "imap://$box/INBOX;MAILINDEX=1"
  on pc11 curl -sS -u "tanaka:$PASSWORD" "imaps://$box/INBOX?UNSEEN"
}
