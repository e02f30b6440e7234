// The image's entry point: one of the services by its name, or the `attain` command with its arguments.
const services = ['planning', 'pipeline', 'incentives', 'forecasting', 'reporting'];
const name = process.argv[2];
await import(services.includes(name) ? `../apps/${name}/dist/main.js` : '../apps/attain/bin/attain.js');
