// A module whose default export is something else.
export default { name: 'not a scenario' };
