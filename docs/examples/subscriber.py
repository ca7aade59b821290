"""Prints the findings of validated documents as they come: python subscriber.py [HOST:PORT] [TOPIC]. Needs aiokafka, nothing of tieout.

The body is described in docs/contracts/document_validated.schema.json, the headers in docs/contracts/envelope.schema.json.
"""

import asyncio
import json
import sys

from aiokafka import AIOKafkaConsumer


async def main(bootstrap: str = "127.0.0.1:9092", topic: str = "tieout.documents.validated") -> None:
    """Reads from the first event kept; the consumer group remembers how far it is."""
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, group_id="example", enable_auto_commit=False, auto_offset_reset="earliest"
    )
    async with consumer:
        async for record in consumer:
            event, document = dict(record.headers)["ce_id"].decode(), json.loads(record.value)
            print(event, document["submission"]["name"], document["verdict"])
            for finding in document["findings"]:
                print("  ", finding["severity"], finding["message"]["zh"], flush=True)
            await consumer.commit()  # after the work: an event may come twice (same ce_id), none is left out


asyncio.run(main(*sys.argv[1:]))
