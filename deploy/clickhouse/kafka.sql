-- SPDX-License-Identifier: GPL-2.0
-- From the topic of `rstwhy --kafka=BROKER/resets` into the table of events.sql. Put your brokers
-- and your topic below. What cannot be read goes into a table of its own, the last one here.
CREATE TABLE IF NOT EXISTS rstwhy.topic AS rstwhy.events
ENGINE = Kafka
SETTINGS
    kafka_broker_list = 'kafka:9092',
    kafka_topic_list = 'resets',
    kafka_group_name = 'clickhouse',
    kafka_format = 'JSONEachRow',
    kafka_num_consumers = 1, -- more if one does not keep up, at most as many as there are partitions
    kafka_handle_error_mode = 'stream',
    input_format_skip_unknown_fields = 1,
    date_time_input_format = 'best_effort';

CREATE MATERIALIZED VIEW IF NOT EXISTS rstwhy.from_topic TO rstwhy.events
AS SELECT * FROM rstwhy.topic WHERE _error = '';

-- Messages that could not be read, and why. Without this they would be passed over in silence.
CREATE TABLE IF NOT EXISTS rstwhy.unreadable
(
    at DateTime DEFAULT now(),
    partition UInt64,
    offset UInt64,
    error String,
    message String
)
ENGINE = MergeTree
ORDER BY at
TTL at + INTERVAL 7 DAY;

CREATE MATERIALIZED VIEW IF NOT EXISTS rstwhy.unreadable_from_topic TO rstwhy.unreadable
AS SELECT _partition AS partition, _offset AS offset, _error AS error, _raw_message AS message
FROM rstwhy.topic WHERE _error != '';
