// SPDX-License-Identifier: GPL-2.0
// bulk.mjs RECORDING COUNT [SECONDS]: so many lines to stdout, like those of the recording.
import { once } from "node:events";
import { bulk, readEvents } from "./lines.mjs";

const [, , recording, count, seconds = 86400] = process.argv;
for (const line of bulk(readEvents(recording), Number(count), { seconds: Number(seconds) })) {
	if (!process.stdout.write(line + "\n")) await once(process.stdout, "drain");
}
