#!/bin/sh
# File a petition, read it again with its secret, and ask for a list that is asked for often.
set -eu
CITY=${CITY:-https://city.example}/api/v1
# A random word of this device: it scopes Idempotency-Key, and the rate limits count by it.
TOKEN=${TOKEN:-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')}
cd "$(mktemp -d)"

# The same key with the same body is answered once, however often the network makes you send it.
curl -sS --fail-with-body --retry 3 -X POST "$CITY/petitions" -o receipt.json \
  -H 'Content-Type: application/json' -H 'Accept-Language: vi' \
  -H "X-Client-Token: $TOKEN" -H "Idempotency-Key: $(date +%s)-1" -d '{
    "text": "Mặt đường trước cổng trường có một hố sâu, xe máy dễ ngã.",
    "point": {"lon": 105.81, "lat": 20.99},
    "contact": {"phone": "0900000000"}
  }'
NUMBER=$(sed 's/.*"number":"\([0-9]*\)".*/\1/' receipt.json)
SECRET=$(sed 's/.*"secret":"\([^"]*\)".*/\1/' receipt.json)
echo "filed $NUMBER"

curl -sS --fail-with-body "$CITY/petitions/$NUMBER" -H "X-Petition-Secret: $SECRET" -o petition.json
grep -q "\"number\":\"$NUMBER\"" petition.json && echo "read $NUMBER"

# Ask again with the ETag: 304 and no body while nothing has changed. -i shows RateLimit.
curl -sS --fail-with-body --etag-save services.etag -o services.json "$CITY/services"
curl -sS --etag-compare services.etag -o services.new -w 'services: %{http_code}\n' "$CITY/services"
