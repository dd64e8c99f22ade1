-- SPDX-License-Identifier: GPL-2.0
-- The columns are the keys of `rstwhy --format=json`: its objects are named tuples, so that
-- network.local.port is network.local.port here. A key without a column is skipped, a column
-- without a key is empty; NULL where 0 would say something else than "not known".
--
-- Kafka, Vector and most of what ships lines do so at least once: after a broken connection some come
-- again. Rows with the same key in ORDER BY are one event; which of them stays is all the same. They
-- become one when parts are merged: what counts before that asks FINAL.
CREATE DATABASE IF NOT EXISTS rstwhy;

CREATE TABLE IF NOT EXISTS rstwhy.events
(
    time DateTime64(9, 'UTC') CODEC(Delta, ZSTD),
    host Tuple(name LowCardinality(String)),
    event Tuple(
        name LowCardinality(String),
        id String),
    reset Tuple(
        direction LowCardinality(String),
        cause LowCardinality(String),
        confidence LowCardinality(String),
        summary String,
        suppressed UInt64, -- not 0: the line stands for so many resets
        evidence Array(String),
        hints Array(Tuple(id LowCardinality(String), text String)),
        kernel_reason LowCardinality(String),
        drop_reason LowCardinality(String),
        errno LowCardinality(String),
        site LowCardinality(String),
        hook LowCardinality(String),
        pair String),
    network Tuple(
        type LowCardinality(String),
        local Tuple(address IPv6, port UInt16),
        peer Tuple(address IPv6, port UInt16),
        connection Tuple(state LowCardinality(String)),
        community_id String),
    socket Tuple(
        unread Nullable(UInt64),
        unacked Nullable(UInt64),
        unsent Nullable(UInt64),
        bytes_received Nullable(UInt64),
        bytes_acked Nullable(UInt64),
        age Nullable(Float64),
        idle Nullable(Float64),
        retransmits Nullable(UInt16),
        srtt Nullable(Float64),
        cookie Nullable(UInt64),
        uid Nullable(UInt32)),
    segment Tuple(
        role LowCardinality(String),
        flags LowCardinality(String),
        seq Nullable(UInt32),
        ack Nullable(UInt32),
        ttl Nullable(UInt8)),
    process Tuple(
        pid UInt32,
        executable Tuple(name LowCardinality(String), path LowCardinality(String)),
        role LowCardinality(String)),
    container Tuple(
        id String,
        runtime Tuple(name LowCardinality(String))),
    k8s Tuple(pod Tuple(uid String)),
    linux Tuple(
        netns UInt32,
        cgroup String,
        unit LowCardinality(String)),
    facts Tuple(kind String), -- of a suppressed line: what its resets had in common, as JSON
    INDEX by_flow network.community_id TYPE bloom_filter GRANULARITY 4
)
ENGINE = ReplacingMergeTree
PARTITION BY toDate(time)
ORDER BY (reset.cause, host.name, time, event.id, facts.kind)
TTL toDateTime(time) + INTERVAL 30 DAY
SETTINGS ttl_only_drop_parts = 1;
