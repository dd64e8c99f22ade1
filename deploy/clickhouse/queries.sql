-- SPDX-License-Identifier: GPL-2.0
-- Questions to the table of events.sql. A suppressed line stands for many resets: what counts
-- them sums, it does not count lines. A join holds one side in memory: of a large fleet ask for
-- minutes, or for one flow, one host or one cause.
-- FINAL: an event that was shipped twice counts once, also before the parts of the table are merged.

-- What changed: the last hour against the same hour a day ago.
SELECT
    reset.direction AS direction,
    reset.cause AS cause,
    sumIf(greatest(reset.suppressed, 1), time > now() - INTERVAL 1 HOUR) AS now_,
    sumIf(greatest(reset.suppressed, 1), time <= now() - INTERVAL 1 DAY) AS a_day_ago
FROM rstwhy.events FINAL
WHERE time > now() - INTERVAL 1 HOUR
    OR time BETWEEN now() - INTERVAL 25 HOUR AND now() - INTERVAL 1 DAY
GROUP BY direction, cause
ORDER BY now_ - a_day_ago DESC;

-- Both ends of a reset, where both hosts run rstwhy: what one did to whom, and what the other was
-- doing. The Community ID names the flow, not the reset, and a flow can be reset more than once: of
-- the events of the other direction the nearest in time counts, within a second (for how far the
-- clocks of your hosts are apart). Behind NAT the ends see different flows and do not meet. A host
-- that talks to its own address is left out: the flow 127.0.0.1 to 127.0.0.1 is that of every host;
-- the two events of a reset within one host name each other by reset.pair.
SELECT
    sender.time AS at,
    dateDiff('microsecond', sender.time, receiver.time) AS later_us,
    sender.host.name AS sent_by,
    sender.reset.cause AS why,
    sender.reset.summary AS sender_says,
    receiver.host.name AS received_by,
    receiver.reset.cause AS what_it_met,
    receiver.reset.summary AS receiver_says,
    receiver.socket.idle AS idle_seconds
FROM rstwhy.events AS sender
INNER JOIN rstwhy.events AS receiver
    ON receiver.network.community_id = sender.network.community_id
WHERE sender.reset.direction = 'sent'
    AND receiver.reset.direction = 'received'
    AND sender.network.community_id != ''
    AND sender.network.local.address != sender.network.peer.address
    AND sender.time > now() - INTERVAL 5 MINUTE
    AND receiver.time > now() - INTERVAL 5 MINUTE
    AND abs(dateDiff('microsecond', sender.time, receiver.time)) < 1000000
ORDER BY abs(later_us)
LIMIT 1 BY sender.event.id
LIMIT 1000;

-- Received, and no host of ours sent it: the other end is foreign, or something between forged it.
SELECT
    peer,
    cause,
    count() AS resets
FROM
(
    SELECT network.peer.address AS peer, reset.cause AS cause, network.community_id AS flow
    FROM rstwhy.events FINAL
    WHERE reset.direction = 'received' AND flow != '' AND time > now() - INTERVAL 5 MINUTE
) AS received
LEFT ANTI JOIN
(
    SELECT network.community_id AS flow
    FROM rstwhy.events
    WHERE reset.direction = 'sent' AND flow != '' AND time > now() - INTERVAL 6 MINUTE
) AS sent USING flow
GROUP BY peer, cause
ORDER BY resets DESC
LIMIT 50;

-- Idle timeouts: the same number again and again.
SELECT
    round(socket.idle) AS idle_seconds,
    network.peer.address AS peer,
    network.peer.port AS port,
    count() AS resets,
    anyIf(hint.text, hint.id = 'idle-timeout') AS says
FROM rstwhy.events FINAL
LEFT ARRAY JOIN reset.hints AS hint
WHERE reset.direction = 'received' AND socket.idle >= 1 AND time > now() - INTERVAL 1 DAY
GROUP BY idle_seconds, peer, port
HAVING resets > 5
ORDER BY resets DESC
LIMIT 50;
