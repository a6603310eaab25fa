// Two threads that compute Fibonacci numbers, and one that looks: a scenario for the command.
import { fibonacci } from './class-scenarios.js';

export default fibonacci(5, 'sc');
