package io.mqttspring.sample;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Repository;

/**
 * The latest readings of all vans, in the database.
 */
@Repository
class Readings {

	private static final Duration KEPT = Duration.ofMinutes(15);

	private final JdbcClient jdbc;

	Readings(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Save a reading. With QoS 1 a message may arrive twice: MERGE makes that harmless.
	 * @param reading what arrived
	 */
	void save(Reading reading) {
		this.jdbc.sql("""
				merge into reading (device_id, time, temperature, target, humidity, battery)
				key (device_id, time)
				values (:deviceId, :time, :temperature, :target, :humidity, :battery)""").paramSource(reading).update();
	}

	List<Reading> since(Instant time) {
		return this.jdbc.sql("""
				select device_id, time, temperature, target, humidity, battery
				from reading where time >= ? order by time""")
			.param(time)
			.query(new DataClassRowMapper<>(Reading.class))
			.list();
	}

	boolean isKnown(String deviceId) {
		return this.jdbc.sql("select exists (select 1 from reading where device_id = ?)")
			.param(deviceId)
			.query(Boolean.class)
			.single();
	}

	@Scheduled(fixedRate = 60_000)
	void deleteOld() {
		this.jdbc.sql("delete from reading where received < ?").param(Instant.now().minus(KEPT)).update();
	}

}
