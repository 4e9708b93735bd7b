create table reading (
	device_id varchar(100) not null,
	time timestamp with time zone not null,
	temperature double precision not null,
	target double precision not null,
	humidity double precision not null,
	battery double precision not null,
	received timestamp with time zone default current_timestamp not null,
	primary key (device_id, time)
);
create index reading_time on reading (time);
create index reading_received on reading (received);
