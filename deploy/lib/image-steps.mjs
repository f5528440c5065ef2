import { cpSync, existsSync, lchownSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import { copyBuildContext } from './build-context.mjs';
import { linkTree } from './link-tree.mjs';
import { parseAssignments, parseDockerfile } from './dockerfile.mjs';

const DOCKERFILE = 'deploy/Dockerfile';

/**
 * A stage of the build, whose file system is a folder here; the base image's own files are those of this machine.
 * @typedef {object} Stage
 * @property {string} root the folder that stands for `/`
 * @property {string} workdir as the Dockerfile says it
 * @property {Record<string, string>} env
 * @property {string | undefined} user
 * @property {readonly string[] | undefined} command
 * @property {readonly string[] | undefined} healthcheck
 */

/**
 * Carries out the Dockerfile without an engine, in folders.
 * @param {object} options
 * @param {string} options.project the project's root
 * @param {string} options.folder an empty folder to do it in
 * @param {(command: string, where: { cwd: string, env: Record<string, string> }) => void} options.run does a `RUN`
 * @returns {Stage} the last stage
 */
export function carryOutImageSteps({ project, folder, run }) {
  const context = join(folder, 'context');
  copyBuildContext(project, `${DOCKERFILE}.dockerignore`, context);
  /** @type {Map<string, Stage>} */
  const stages = new Map();
  let stage = newStage(folder, 'none');
  for (const { line, keyword, flags, text, exec } of parseDockerfile(
    readFileSync(join(project, DOCKERFILE), 'utf8'),
  )) {
    switch (keyword) {
      case 'FROM': {
        const name = / AS (\S+)$/i.exec(text)?.[1] ?? 'last';
        stage = newStage(folder, name);
        stages.set(name, stage);
        break;
      }
      case 'ENV':
        Object.assign(stage.env, parseAssignments(text));
        break;
      case 'WORKDIR':
        stage.workdir = text;
        mkdirSync(inStage(stage, '.'), { recursive: true });
        break;
      case 'COPY':
        copy(
          flags.from === undefined ? context : known(stages, flags.from).root,
          stage,
          text.split(/\s+/),
          flags.chown,
        );
        break;
      case 'RUN':
        run(text, { cwd: inStage(stage, '.'), env: stage.env });
        break;
      case 'USER':
        stage.user = text;
        break;
      case 'CMD':
        stage.command = exec;
        break;
      case 'HEALTHCHECK':
        stage.healthcheck = exec;
        break;
      case 'EXPOSE':
      case 'VOLUME':
        break;
      default:
        throw new Error(`${DOCKERFILE}:${line}: ${keyword} cannot be carried out here`);
    }
  }
  return stage;
}

/**
 * @param {string} folder
 * @param {string} name
 * @returns {Stage}
 */
function newStage(folder, name) {
  const root = join(folder, `stage-${name}`);
  return { root, workdir: '/', env: {}, user: undefined, command: undefined, healthcheck: undefined };
}

/**
 * The place of a path of the image on this machine.
 * @param {Stage} stage
 * @param {string} path absolute, or from the stage's working directory
 */
export function inStage(stage, path) {
  return join(stage.root, posix.resolve(stage.workdir, path));
}

/**
 * @param {Map<string, Stage>} stages
 * @param {string} name
 */
function known(stages, name) {
  const stage = stages.get(name);
  if (stage === undefined) throw new Error(`there is no stage ${name}`);
  return stage;
}

/**
 * As COPY does: a file into a folder keeps its name, of a folder the contents are copied.
 * @param {string} from the folder that the sources count from
 * @param {Stage} stage
 * @param {readonly string[]} paths the sources, then the destination
 * @param {string | undefined} owner `UID:GID`
 */
function copy(from, stage, paths, owner) {
  const destination = paths.at(-1) ?? '';
  const target = inStage(stage, destination);
  for (const path of paths.slice(0, -1)) {
    const source = join(from, path);
    if (!existsSync(source)) throw new Error(`COPY ${path}: the build has no such file; see the ignore file`);
    const place = destination.endsWith('/') ? join(target, basename(path)) : target;
    // Who is given a hard link is given the file that it is a link to.
    if (owner === undefined) linkTree(source, place);
    else cpSync(source, place, { recursive: true, verbatimSymlinks: true });
  }
  if (owner !== undefined && process.getuid?.() === 0) giveTo(target, owner.split(':').map(Number));
}

/**
 * @param {string} path
 * @param {readonly number[]} owner user and group
 */
function giveTo(path, [user = 0, group = 0]) {
  lchownSync(path, user, group);
  for (const entry of readdirSync(path, { withFileTypes: true, recursive: true })) {
    lchownSync(join(entry.parentPath, entry.name), user, group);
  }
}
