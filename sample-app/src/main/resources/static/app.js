/* Live readings come as server-sent events, the state of the MQTT client from the actuator. */

const SHOWN = 300; // seconds of history on the chart
const STALE = 5; // seconds without a reading after which a van counts as silent
const ANSWER_TIMEOUT = 10_000;

const $ = (id) => document.getElementById(id);
const minus = (text) => text.replace('-', '−');
const degrees = (celsius) => `${minus((Math.round(celsius * 10) / 10 || 0).toFixed(1))} °C`;
const clock = (millis) => new Date(millis).toLocaleTimeString();

const vans = new Map(); // id → { latest, points: second → [temperature, target], card, spark }
let selected = null;
let chosen = false; // by a person
let skew = 0; // the server's clock minus ours: phones are not always right
let serverUp = false;
let client = null; // as /actuator/mqtt tells it

const now = () => Date.now() + skew;

/* ---- Readings */

function take(reading) {
	const time = Date.parse(reading.time);
	const van = vans.get(reading.deviceId) ?? addVan(reading.deviceId);
	van.points.set(Math.floor(time / 1000), [reading.temperature, reading.target]);
	if (!van.latest || time > van.latest.time) {
		van.latest = { ...reading, time };
	}
}

function addVan(id) {
	const card = $('card').content.cloneNode(true).firstElementChild;
	const radio = card.querySelector('input');
	radio.value = id;
	radio.addEventListener('change', () => {
		chosen = true;
		select(id);
	});
	card.querySelector('.name').textContent = id;
	const van = { latest: null, points: new Map(), card, spark: null };
	vans.set(id, van);
	const order = [...vans.keys()].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
	const next = order[order.indexOf(id) + 1];
	$('cards').insertBefore(card, next ? vans.get(next).card : null);
	$('vans-empty').hidden = true;
	if (!chosen && order[0] === id) {
		radio.checked = true;
		select(id);
	}
	return van;
}

function select(id) {
	selected = id;
	$('detail-title').textContent = `Temperature of ${id}`;
	$('command-van').textContent = id;
	$('celsius').value = '';
	renderSoon();
}

/** One row per second, so that a second without a reading is a gap; a late reading by a second or two is none. */
function series(van) {
	const end = Math.floor(now() / 1000);
	const oldest = Math.max(end - SHOWN, Math.min(...van.points.keys()));
	const x = [];
	const temperature = [];
	const target = [];
	let last = null;
	for (let second = oldest; second <= end; second++) {
		const point = van.points.get(second);
		last = point ? { point, second } : (last && second - last.second < 3) ? last : null;
		x.push(second);
		temperature.push(last?.point[0] ?? null);
		target.push(last?.point[1] ?? null);
	}
	return [x, temperature, target];
}

/* ---- Drawing */

let chart = null;
let due = false;

function renderSoon() {
	if (!due) {
		due = true;
		setTimeout(render, 100);
	}
}

function render() {
	due = false;
	const forget = now() / 1000 - SHOWN;
	for (const [id, van] of vans) {
		van.points.forEach((_, second) => second < forget && van.points.delete(second));
		renderCard(id, van);
	}
	if (selected) {
		renderChart(vans.get(selected));
	}
}

function renderCard(id, van) {
	const { latest, card } = van;
	if (!latest) {
		return;
	}
	const age = Math.round((now() - latest.time) / 1000);
	const stale = age > STALE;
	const off = latest.temperature - latest.target;
	const state = Math.abs(off) < 0.5 ? 'on target' : off > 0 ? '↓ cooling' : '↑ warming';
	card.classList.toggle('stale', stale);
	card.querySelector('.chip').textContent = stale ? `silent ${duration(age)}` : state;
	card.querySelector('.temperature').textContent = degrees(latest.temperature);
	card.querySelector('.target').textContent = `target ${degrees(latest.target)}`;
	card.querySelector('.humidity').textContent = `humidity ${Math.round(latest.humidity)} %`;
	card.querySelector('.battery').textContent = `battery ${Math.round(latest.battery)} %`;
	const [x, temperature] = series(van);
	const box = card.querySelector('.spark');
	van.spark ??= new uPlot(sparkOptions(box), [[], []], box);
	van.spark.setData([x, temperature]);
}

function renderChart(van) {
	const box = $('chart');
	chart ??= new uPlot(chartOptions(box), [[], [], []], box);
	const data = series(van);
	chart.setData(data);
	const known = data[1].filter((value) => value !== null);
	$('chart-text').textContent = known.length === 0 ? 'No reading in the last five minutes.'
		: `Between ${degrees(Math.min(...known))} and ${degrees(Math.max(...known))} in the last ${duration(data[0].length)}; `
			+ `now ${degrees(van.latest.temperature)}, target ${degrees(van.latest.target)}.`;
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name);

function range(_, min, max) {
	// At least three degrees, so that noise looks like noise.
	const middle = (min + max) / 2;
	const half = Math.max((max - min) / 2 * 1.15, 1.5);
	return [middle - half, middle + half];
}

function sparkOptions(box) {
	return {
		width: box.clientWidth, height: box.clientHeight,
		cursor: { show: false }, legend: { show: false }, axes: [{ show: false }, { show: false }],
		scales: { y: { range } },
		series: [{}, { stroke: colour('--accent'), width: 2, points: { show: false } }],
	};
}

function chartOptions(box) {
	const axis = {
		stroke: colour('--soft'), font: '12px system-ui, sans-serif',
		grid: { stroke: colour('--grid'), width: 1 }, ticks: { show: false },
	};
	return {
		width: box.clientWidth, height: box.clientHeight,
		legend: { show: false },
		cursor: { y: false, drag: { x: false, y: false }, points: { size: 8 } },
		hooks: { setCursor: [readOut] },
		scales: {
			x: { range: (_, min, max) => [Math.min(min, max - 60), max] },
			y: { range },
		},
		axes: [
			{ ...axis, space: 80, size: 36, values: (_, ticks) => ticks.map((tick) => clock(tick * 1000)) },
			{ ...axis, size: 52, incrs: [0.5, 1, 2, 5, 10, 20, 50], values: (_, ticks) => ticks.map((tick) => `${minus(String(+tick.toFixed(1)))}°`) },
		],
		series: [
			{},
			{ stroke: colour('--accent'), width: 2.5, points: { show: false } },
			{ stroke: colour('--soft'), width: 1.5, dash: [6, 5], points: { show: false }, paths: uPlot.paths.stepped({ align: 1 }) },
		],
	};
}

function readOut(plot) {
	const at = plot.cursor.idx;
	const value = at == null ? null : plot.data[1][at];
	const [measured, target] = document.querySelectorAll('.key');
	measured.textContent = value == null ? 'measured' : `${degrees(value)} at ${clock(plot.data[0][at] * 1000)}`;
	target.textContent = value == null ? 'target' : degrees(plot.data[2][at]);
}

function redrawAll() {
	chart?.destroy();
	chart = null;
	vans.forEach((van) => {
		van.spark?.destroy();
		van.spark = null;
	});
	renderSoon();
}

function duration(seconds) {
	return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redrawAll);
new ResizeObserver(() => chart?.setSize({ width: $('chart').clientWidth, height: $('chart').clientHeight })).observe($('chart'));
setInterval(renderSoon, 1000);

/* ---- Live: server-sent events */

let events = null;

function listen() {
	events?.close();
	events = new EventSource('/api/events');
	// Each time it opens, also after an outage: fetch what was missed.
	events.addEventListener('open', loadHistory);
	events.addEventListener('error', pollSoon);
	events.addEventListener('status', pollSoon);
	events.addEventListener('answer', (event) => answered(JSON.parse(event.data)));
	events.addEventListener('telemetry', (event) => {
		take(JSON.parse(event.data));
		renderSoon();
	});
}

async function loadHistory() {
	try {
		(await get('/api/readings')).forEach(take);
		renderSoon();
	}
	catch {
		pollSoon(); // it tells whether the server is away
	}
}

async function get(path) {
	const response = await fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(4000) });
	skew = Date.parse(response.headers.get('Date')) - Date.now() || 0;
	return response.json();
}

/* ---- State: the actuator */

let timer = null;

function pollSoon() {
	clearTimeout(timer);
	timer = setTimeout(poll, 50);
}

async function poll() {
	try {
		const [mqtt, health] = await Promise.all([get('/actuator/mqtt'), get('/actuator/health')]);
		client = Object.values(mqtt.clients)[0];
		renderClient(health.components?.mqtt?.status ?? health.status);
		serverUp = true;
		if (events.readyState === EventSource.CLOSED) {
			listen();
		}
	}
	catch {
		serverUp = false;
	}
	renderState();
	clearTimeout(timer);
	timer = setTimeout(poll, 2000);
}

function renderState() {
	const badge = $('badge');
	const notice = $('notice');
	let state = 'up';
	let text = 'Connected';
	let message = '';
	if (!serverUp) {
		state = 'away';
		text = 'Server away';
		message = 'The server does not answer. What you see is its last word; this page goes on trying by itself.';
	}
	else if (client.state !== 'CONNECTED') {
		state = 'waiting';
		text = 'Broker away';
		message = `No connection to the broker at ${client.uri}. The server and the vans go on trying by themselves.`;
	}
	badge.dataset.state = state;
	notice.dataset.state = state;
	notice.hidden = message === '';
	// Only when it changes: a screen reader would say it again each time.
	setText($('badge-text'), text);
	setText(notice, message);
}

function setText(element, text) {
	if (element.textContent !== text) {
		element.textContent = text;
	}
}

function renderClient(health) {
	fill($('facts'), {
		State: client.state.toLowerCase(),
		Health: health,
		Broker: client.uri,
		'Client id': client.clientId,
		Version: `MQTT ${client.version}`,
		Since: clock(Date.parse(client.since)),
		...(client.attempts > 0 && { Attempts: client.attempts }),
		...(client.lastError && { 'Last error': client.lastError }),
	});
	const { outbound, inbound } = client.inFlight;
	fill($('in-flight'), {
		'QoS 1 out, awaiting PUBACK': outbound.qos1.awaitingPuback,
		'QoS 2 out, awaiting PUBREC': outbound.qos2.awaitingPubrec,
		'QoS 2 out, awaiting PUBCOMP': outbound.qos2.awaitingPubcomp,
		'QoS 1 in, awaiting handler': inbound.qos1.awaitingHandler,
		'QoS 2 in, awaiting handler': inbound.qos2.awaitingHandler,
		'QoS 2 in, awaiting PUBREL': inbound.qos2.awaitingPubrel,
		'Waiting in the queue': client.queue.messages,
	});
	$('subscriptions').replaceChildren(...client.subscriptions.map((subscription) => {
		const item = document.createElement('li');
		const filter = document.createElement('code');
		const granted = document.createElement('span');
		filter.textContent = subscription.filter;
		granted.textContent = subscription.grantedQos === null ? ' not granted' : ` QoS ${subscription.grantedQos}`;
		item.append(filter, granted);
		return item;
	}));
}

function fill(list, entries) {
	list.replaceChildren(...Object.entries(entries).flatMap(([name, value]) => {
		const term = document.createElement('dt');
		const detail = document.createElement('dd');
		term.textContent = name;
		detail.textContent = value;
		return [term, detail];
	}));
}

/* ---- Commands and answers */

const answers = new Map(); // command id → what to do with the answer, or the answer that came first

function answered(answer) {
	const waiting = answers.get(answer.commandId);
	if (typeof waiting === 'function') {
		waiting(answer);
	}
	else {
		answers.set(answer.commandId, answer);
		setTimeout(() => answers.delete(answer.commandId), ANSWER_TIMEOUT); // of another page's command
	}
}

function answerTo(commandId) {
	return new Promise((resolve, reject) => {
		const early = answers.get(commandId);
		answers.set(commandId, resolve);
		if (early) {
			resolve(early);
		}
		setTimeout(() => reject(new Error('No answer from the van')), ANSWER_TIMEOUT);
	}).finally(() => answers.delete(commandId));
}

async function send(van, celsius) {
	const item = document.createElement('li');
	const outcome = document.createElement('span');
	outcome.className = 'outcome';
	outcome.textContent = 'Sending…';
	item.append(`${clock(Date.now())} · ${van} to ${degrees(celsius)}`, outcome);
	$('answers').prepend(item);
	$('answers-empty').hidden = true;
	while ($('answers').children.length > 5) {
		$('answers').lastElementChild.remove();
	}
	const start = performance.now();
	try {
		const response = await fetch(`/api/devices/${encodeURIComponent(van)}/target`, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify({ celsius }),
			signal: AbortSignal.timeout(ANSWER_TIMEOUT),
		});
		const body = await response.json();
		if (!response.ok) {
			throw new Error(body.detail ?? body.title ?? response.statusText);
		}
		const answer = await answerTo(body.id);
		item.dataset.outcome = answer.accepted ? 'accepted' : 'refused';
		outcome.textContent = `${answer.accepted ? '✓' : '✗'} ${answer.text} (${Math.round(performance.now() - start)} ms)`;
	}
	catch (error) {
		item.dataset.outcome = 'failed';
		outcome.textContent = `Not done: ${error instanceof TypeError ? 'the server is away' : error.message}`;
	}
}

$('form').addEventListener('submit', (event) => {
	event.preventDefault();
	if (selected) {
		send(selected, $('celsius').valueAsNumber);
	}
});
document.querySelectorAll('[data-celsius]').forEach((button) => button.addEventListener('click', () => {
	$('celsius').value = button.dataset.celsius;
	$('form').requestSubmit();
}));

listen();
poll();
